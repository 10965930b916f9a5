# A room is one folder under src/ and one target. Sources are globbed so that a new file needs no edit here.

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(gainstage_flags INTERFACE)
target_compile_options(gainstage_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wconversion
  # Fields that a designated initializer leaves out have their defaults; that is what it is for.
  -Wno-sign-conversion -Wno-psabi -Wno-missing-field-initializers
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> # GCC 12 warns of "text" + std::string itself (its bug 105651)
  # A vector body and its scalar tail must round alike, whatever the instruction set.
  -ffp-contract=off)
if(GAINSTAGE_SANITIZE)
  target_compile_options(gainstage_flags INTERFACE
    -fsanitize=${GAINSTAGE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>) # GCC's own documentation: wrong among a sanitizer's checks
  target_link_options(gainstage_flags INTERFACE -fsanitize=${GAINSTAGE_SANITIZE})
  target_compile_definitions(gainstage_flags INTERFACE GAINSTAGE_SANITIZED=1)
endif()

# gainstage_room(NAME USES room... LIBRARIES target...)
function(gainstage_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(TRANSFORM ROOM_USES PREPEND gainstage_)
  if(sources)
    add_library(gainstage_${name} STATIC ${sources})
    target_include_directories(gainstage_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(gainstage_${name} PUBLIC ${ROOM_USES} ${ROOM_LIBRARIES} PRIVATE gainstage_flags)
  else()
    add_library(gainstage_${name} INTERFACE)
    target_include_directories(gainstage_${name} INTERFACE ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(gainstage_${name} INTERFACE ${ROOM_USES} ${ROOM_LIBRARIES})
  endif()
endfunction()
