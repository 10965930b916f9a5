#pragma once

#include <filesystem>
#include <memory>

#include "devices/device.h"
#include "devices/file/file_source.h"
#include "devices/output_sink.h"
#include "devices/virtual/stream_runner.h"

namespace gainstage::devices {

struct FileDeviceOptions {
  Milliseconds tail{0.0};  ///< of silence at the inputs after the file's end: what still rings is kept
  bool paced = false;      ///< in real time, not as fast as it will run
  std::shared_ptr<OutputSink> sink{};  ///< nullptr: what is played is dropped
};

/// A recording as the inputs of a device, all its channels, from its first frame to its last. Runs at the
/// file's own rate unless asked for another. Outputs: as many as are asked for, 2 unless said. Ends by
/// itself.
class FileDevice final : public Device {
 public:
  /// The file is opened and looked at here. [control]
  static Result<std::unique_ptr<FileDevice>> make(const std::filesystem::path& path,
                                                  FileDeviceOptions options = {});

  const DeviceDescription& description() const noexcept override { return description_; }
  double fileRate() const noexcept { return fileRate_; }  // [any thread] Hz
  Result<DeviceFormat> open(const DeviceRequest& request, DeviceClient& client) override;
  Result<void> start() override;
  void stop() override;
  bool waitUntilEnded(Milliseconds timeout) override;
  Result<void> problem() const override;
  FrameCount inputLatencyFrames() const noexcept override { return 0; }
  FrameCount outputLatencyFrames() const noexcept override { return 0; }

 private:
  FileDevice(std::filesystem::path path, FileDeviceOptions options, const FileSource& source);

  std::filesystem::path path_;
  FileDeviceOptions options_;
  DeviceDescription description_;
  double fileRate_;
  std::unique_ptr<StreamRunner> runner_;
};

}  // namespace gainstage::devices
