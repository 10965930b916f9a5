// What libFuzzer calls (see tests/fuzz); the tests call it with every seed, and with damage of their own.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "neural/capture_file.h"
#include "neural/files/network_check.h"
#include "neural/files/repair.h"

namespace {

void fail(const char* what) {
  std::fprintf(stderr, "capture_fuzz: %s\n", what);
  std::abort();
}

/// One sentence that names the file.
void checkRefusal(const gainstage::Error& error) {
  const std::string& sentence = error.message;
  if (!sentence.starts_with("fuzz") || sentence.find('\n') != std::string::npos) fail("no sentence");
  if (sentence.size() > 600) fail(sentence.c_str());
  if (error.kind != gainstage::ErrorKind::file) fail("not of kind file");
}

/// A network whose parts fit together.
void checkCapture(const gainstage::neural::CaptureFile& file) {
  using namespace gainstage::neural;
  if (const std::string flaw = flawOf(file.network); !flaw.empty()) fail(flaw.c_str());
  if (inputsOf(file.network) != 1 || outputsOf(file.network) != 1) fail("not one channel");
  if (!(file.sampleRate() >= 8000.0 && file.sampleRate() <= 384000.0)) fail("sample rate");
  double before = 0.0;
  for (const double step : file.sizeSteps) {
    if (!(step > before && step < 1.0)) fail("size steps");
    before = step;
  }
}

}  // namespace

/// Whatever the bytes: no crash, and one or the other of the above. Where only numbers are missing, they are
/// given, and it is tried again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace gainstage;
  std::string text(reinterpret_cast<const char*>(bytes), size);
  for (int rounds = 0; rounds < 20; ++rounds) {
    const auto read = neural::readCapture(text, "fuzz");
    if (read) {
      checkCapture(**read);
      return 0;
    }
    checkRefusal(read.error());
    auto better = neural::repaired(text, read.error().message);
    if (!better) return 0;
    text = *std::move(better);
  }
  return 0;
}
