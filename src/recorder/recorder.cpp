#include "recorder/recorder.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <thread>

#include "formats/audio_file.h"

namespace gainstage::recorder {
namespace {

constexpr int kMostChannels = 64;
// A queue holds at least two of the longest callbacks.
constexpr FrameCount kLeastQueueFrames = 2 * 8192;

std::vector<int> channelsOf(const TakeDescription& description) {
  std::vector<int> channels;
  for (const StreamDescription& stream : description.streams) channels.push_back(stream.channels);
  return channels;
}

Result<void> check(const TakeDescription& description) {
  const double rate = description.sampleRate;
  if (!(rate >= formats::kLowestSampleRate && rate <= formats::kHighestSampleRate))
    return Error{ErrorKind::usage, fmt::format("A take cannot have a sample rate of {} Hz", rate)};
  if (description.streams.empty())
    return Error{ErrorKind::usage, "There is nothing to record: name at least one strip or output"};
  for (const StreamDescription& stream : description.streams)
    if (stream.channels < 1 || stream.channels > kMostChannels)
      return Error{ErrorKind::usage, fmt::format("\"{}\" cannot be recorded with {} channels: 1 to {} can",
                                                 stream.name, stream.channels, kMostChannels)};
  return {};
}

}  // namespace

struct Recorder::Take {
  Take(TakeWriter&& files, const TakeDescription& description, const RecorderConfig& config,
       FrameTime startAt)
      : writer(std::move(files)),
        live(channelsOf(description),
             std::max(kLeastQueueFrames,
                      static_cast<FrameCount>(std::lround(config.queue.seconds() * description.sampleRate))),
             startAt),
        disk(writer, live, config) {}

  TakeWriter writer;
  LiveTake live;
  DiskThread disk;
};

Recorder::Recorder(RecorderConfig config) : config_(std::move(config)) {}

Recorder::~Recorder() {
  if (take_) (void)finish(Milliseconds{0.0});
}

Result<std::filesystem::path> Recorder::start(const TakeDescription& description, FrameTime at) {
  if (take_) return Error{ErrorKind::usage, "A take is being recorded already: stop it first"};
  if (auto fine = check(description); !fine) return fine.error();
  auto writer = TakeWriter::create(description, config_);
  if (!writer) return writer.error();
  take_ = std::make_unique<Take>(std::move(*writer), description, config_, at);
  offered_.store(take_.get());
  return take_->writer.folder();
}

void Recorder::stop(FrameTime at) {
  if (take_) take_->live.endAt(at);
}

Result<FinishedTake> Recorder::finish(Milliseconds timeout) {
  if (!take_) return Error{ErrorKind::usage, "No take is being recorded"};
  stop();
  const bool closed = take_->disk.waitUntilClosed(timeout);
  takeFromAudio();
  if (!closed) {
    take_->live.endWithoutAudio();
    take_->disk.hurry();
    // A disk that hangs holds us here, and nobody else.
    while (!take_->disk.waitUntilClosed(Milliseconds{1000.0})) {
    }
  }
  FinishedTake finished{take_->writer.folder(), take_->disk.manifest(), take_->disk.faults()};
  take_.reset();
  return finished;
}

RecorderStatus Recorder::status() const {
  if (!take_) return {};
  return {take_->disk.isClosed() ? RecorderState::closed : RecorderState::recording, take_->writer.folder(),
          take_->disk.manifest().frames, take_->disk.faults()};
}

void Recorder::beginBlock(FrameTime frame) noexcept {
  // Both in the one order that all threads agree on (seq_cst): either takeFromAudio sees that we are here, or
  // we see that nothing is offered.
  visits_.fetch_add(1);
  Take* const take = offered_.load();
  current_ = take ? &take->live : nullptr;
  if (current_) current_->begin(frame);
}

void Recorder::push(int stream, FrameTime frame, ConstAudioView audio, FrameCount latencyFrames) noexcept {
  if (current_) current_->push(stream, frame, audio, latencyFrames);
}

void Recorder::endBlock() noexcept {
  current_ = nullptr;
  visits_.fetch_add(1);
}

void Recorder::waitForRoom(FrameCount frames) {
  visits_.fetch_add(1);
  if (Take* const take = offered_.load()) take->disk.waitForRoom(frames);
  visits_.fetch_add(1);
}

void Recorder::takeFromAudio() {
  offered_.store(nullptr);
  const unsigned visits = visits_.load();
  while (visits % 2 == 1 && visits_.load() == visits)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace gainstage::recorder
