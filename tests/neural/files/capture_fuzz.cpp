// What libFuzzer calls (see tests/fuzz); the tests call it with every seed, and with damage of their own.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "neural/capture_file.h"
#include "neural/files/network_check.h"

namespace {

void fail(const char* what) {
  std::fprintf(stderr, "capture_fuzz: %s\n", what);
  std::abort();
}

}  // namespace

/// Whatever the bytes: no crash, one sentence that names the file, or a network whose parts fit together.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace gainstage;
  const auto read = neural::readCapture({reinterpret_cast<const char*>(bytes), size}, "fuzz");
  if (!read) {
    const std::string& sentence = read.error().message;
    if (!sentence.starts_with("fuzz") || sentence.find('\n') != std::string::npos) fail("no sentence");
    if (sentence.size() > 600) fail(sentence.c_str());
    if (read.error().kind != ErrorKind::file) fail("not of kind file");
    return 0;
  }
  const neural::CaptureFile& file = **read;
  if (const std::string flaw = neural::flawOf(file.network); !flaw.empty()) fail(flaw.c_str());
  if (neural::inputsOf(file.network) != 1 || neural::outputsOf(file.network) != 1) fail("not one channel");
  if (!(file.sampleRate() >= 8000.0 && file.sampleRate() <= 384000.0)) fail("sample rate");
  double before = 0.0;
  for (const double step : file.sizeSteps) {
    if (!(step > before && step < 1.0)) fail("size steps");
    before = step;
  }
  return 0;
}
