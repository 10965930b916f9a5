#include "devices/file/file_stream.h"

#include <cmath>
#include <limits>
#include <soxr.h>
#include <vector>

#include "core/audio_buffer.h"
#include "formats/audio_file.h"
#include "formats/file_error.h"

namespace gainstage::devices {
namespace {

constexpr FrameCount kChunkFrames = 4096;
constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::max();

struct Delete {
  void operator()(soxr* resampler) const noexcept { soxr_delete(resampler); }
};

template <typename Sample>
std::vector<Sample*> pointersTo(BasicAudioView<Sample> audio) {
  std::vector<Sample*> pointers;
  for (int c = 0; c < audio.channels(); ++c) pointers.push_back(audio.channel(c).data());
  return pointers;
}

}  // namespace

struct FileStream::State {
  State(std::filesystem::path file, formats::AudioFileReader opened, bool looped)
      : path(std::move(file)),
        reader(std::move(opened)),
        loop(looped),
        chunk(reader.channels(), kChunkFrames) {}

  Result<FrameCount> readFile(AudioView to);
  Result<FrameCount> convert(AudioView to);

  std::filesystem::path path;
  formats::AudioFileReader reader;
  bool loop;
  bool atStart = true;  ///< of the file
  double ratio = 1.0;
  std::unique_ptr<soxr, Delete> resampler;
  AudioBuffer chunk;
  FrameCount chunkFrames = 0;
  FrameCount chunkUsed = 0;
  bool inputEnded = false;
  std::int64_t framesIn = 0;
  std::int64_t framesOut = 0;
};

FileStream::FileStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
FileStream::FileStream(FileStream&&) noexcept = default;
FileStream& FileStream::operator=(FileStream&&) noexcept = default;
FileStream::~FileStream() = default;

Result<FileStream> FileStream::open(const std::filesystem::path& path, bool loop) {
  auto reader = formats::AudioFileReader::open(path, {.nonFinite = formats::NonFinite::silence});
  if (!reader) return reader.error();
  return FileStream(std::make_unique<State>(path, *std::move(reader), loop));
}

int FileStream::channels() const noexcept { return state_->reader.channels(); }
double FileStream::fileRate() const noexcept { return state_->reader.sampleRate(); }

Result<void> FileStream::start(double sampleRate, double seconds) {
  State& state = *state_;
  auto frame = static_cast<std::int64_t>(std::llround(seconds * fileRate()));
  if (const std::int64_t all = state.reader.frames(); all >= 0)
    frame = state.loop ? frame % all : std::min(frame, all);
  if (auto sought = state.reader.seek(frame); !sought) return sought;
  state.ratio = sampleRate / fileRate();
  state.chunkFrames = state.chunkUsed = 0;
  state.framesIn = state.framesOut = 0;
  state.inputEnded = state.atStart = false;
  state.resampler.reset();
  if (state.ratio == 1.0) return {};

  const soxr_io_spec_t planar = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S);
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
  soxr_error_t problem = nullptr;
  state.resampler.reset(soxr_create(fileRate(), sampleRate, static_cast<unsigned>(channels()), &problem,
                                    &planar, &quality, nullptr));
  if (problem)
    return formats::fileError(state.path, std::string("cannot be converted to another rate: ") + problem);
  return {};
}

Result<FrameCount> FileStream::read(AudioView to) {
  State& state = *state_;
  auto got = state.resampler ? state.convert(to) : state.readFile(to);
  if (got) state.framesOut += *got;
  return got;
}

/// At the file's rate, round and round where it is looped.
Result<FrameCount> FileStream::State::readFile(AudioView to) {
  FrameCount done = 0;
  for (;;) {
    auto got = reader.read(to.frameRange(done, to.frames() - done));
    if (!got) return got;
    done += *got;
    if (done == to.frames() || !loop) return done;
    if (atStart && *got == 0) return formats::fileError(path, "holds no audio: record or export it again");
    if (auto sought = reader.seek(0); !sought) return sought.error();
    atStart = true;
  }
}

Result<FrameCount> FileStream::State::convert(AudioView to) {
  FrameCount done = 0;
  while (done < to.frames()) {
    if (chunkUsed == chunkFrames && !inputEnded) {
      auto got = readFile(chunk.view());
      if (!got) return got;
      chunkFrames = *got;
      chunkUsed = 0;
      framesIn += chunkFrames;
      inputEnded = chunkFrames < kChunkFrames;
    }
    // At the end the filter gives what it holds, and rounds the length its own way by a frame.
    const std::int64_t left =
        inputEnded ? std::llround(static_cast<double>(framesIn) * ratio) - framesOut - done : kUnknown;
    if (left <= 0) break;
    const FrameCount fed = chunkFrames - chunkUsed;
    const auto room = static_cast<FrameCount>(std::min<std::int64_t>(to.frames() - done, left));
    const auto from = pointersTo(chunk.view().frameRange(chunkUsed, fed));
    auto into = pointersTo(to.frameRange(done, room));
    std::size_t used = 0, made = 0;
    if (const soxr_error_t problem =
            soxr_process(resampler.get(), fed > 0 ? from.data() : nullptr, static_cast<std::size_t>(fed),
                         &used, into.data(), static_cast<std::size_t>(room), &made))
      return formats::fileError(path, std::string("cannot be converted to another rate: ") + problem);
    chunkUsed += static_cast<FrameCount>(used);
    done += static_cast<FrameCount>(made);
    if (fed == 0 && made == 0) {
      to.frameRange(done, room).clear();
      done += room;
    }
  }
  return done;
}

}  // namespace gainstage::devices
