# embed_catalogue(TARGET): catalogue/*.csv go into the program, which is then one file to install.
function(embed_catalogue target)
  set(tables headphones interfaces amplifiers microphones pickups)
  set(body "")
  foreach(table ${tables})
    set(file ${CMAKE_SOURCE_DIR}/catalogue/${table}.csv)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text HEX) # hexadecimal, since lists and brackets of the text would mean something to CMake
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${text}")
    string(APPEND body "constexpr unsigned char k_${table}[] = {${bytes}0};\n")
  endforeach()
  set(cases "")
  foreach(table ${tables})
    string(APPEND cases "    case Kind::${table}:\n      return text(k_${table}, sizeof k_${table} - 1);\n")
  endforeach()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/advise/built_in_tables.cpp)
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT [[// Made by cmake/EmbedCatalogue.cmake from catalogue/*.csv.
#include "advise/built_in_tables.h"

namespace gainstage::advise {
namespace {

@body@
std::string_view text(const unsigned char* bytes, std::size_t size) noexcept {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

std::string_view builtInTable(Kind kind) noexcept {
  switch (kind) {
@cases@  }
  return {};
}

}  // namespace gainstage::advise
]])
  target_sources(${target} PRIVATE ${out})
endfunction()
