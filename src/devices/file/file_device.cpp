#include "devices/file/file_device.h"

#include <cmath>

namespace gainstage::devices {
namespace {

constexpr int kMostOutputs = 64;
constexpr FrameCount kBlockFrames = 64;

}  // namespace

Result<std::unique_ptr<FileDevice>> FileDevice::make(const std::filesystem::path& path,
                                                     FileDeviceOptions options) {
  auto source = FileSource::open(path);
  if (!source) return source.error();
  return std::unique_ptr<FileDevice>(new FileDevice(path, std::move(options), **source));
}

FileDevice::FileDevice(std::filesystem::path path, FileDeviceOptions options, const FileSource& source)
    : path_(std::move(path)), options_(std::move(options)), fileRate_(source.fileRate()) {
  description_.id = "file:" + path_.string();
  description_.name = path_.filename().string();
  description_.inputs = source.channels();
  description_.outputs = kMostOutputs;
  description_.hasClock = options_.paced;
  description_.inputsAreLive = false;
  description_.purpose = OutputPurpose::line;
}

Result<DeviceFormat> FileDevice::open(const DeviceRequest& request, DeviceClient& client) {
  runner_.reset();
  StreamPlan plan;
  plan.format.sampleRate = request.sampleRate != 0.0 ? request.sampleRate : fileRate_;
  plan.format.blockFrames = request.blockFrames != 0 ? request.blockFrames : kBlockFrames;
  plan.format.inputs =
      request.inputs > 0 ? std::min(request.inputs, description_.inputs) : description_.inputs;
  plan.format.outputs = request.outputs > 0 ? std::min(request.outputs, kMostOutputs) : 2;
  if (auto allowed = checkFormat(plan.format); !allowed) return allowed.error();
  if (options_.paced && !request.freeRunning) plan.clock = &monotonicClock();
  plan.frameLimit = request.frameLimit;
  plan.tailFrames = std::llround(options_.tail.seconds() * plan.format.sampleRate);

  // Opened anew: an earlier run has read it to some place.
  auto source = FileSource::open(path_);
  if (!source) return source.error();
  const DeviceFormat format = plan.format;
  auto runner = StreamRunner::make(std::move(plan), *std::move(source), options_.sink, client);
  if (!runner) return runner.error();
  runner_ = *std::move(runner);
  return format;
}

Result<void> FileDevice::start() { return runner_->start(); }

void FileDevice::stop() {
  if (runner_) runner_->stop();
}

bool FileDevice::waitUntilEnded(Milliseconds timeout) { return runner_->waitUntilEnded(timeout); }

Result<void> FileDevice::problem() const { return runner_ ? runner_->problem() : Result<void>(); }

}  // namespace gainstage::devices
