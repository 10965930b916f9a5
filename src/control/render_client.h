#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "console/console.h"
#include "devices/device.h"
#include "devices/output_sink.h"
#include "formats/wav_writer.h"
#include "neural/capture.h"
#include "neural/player_factory.h"

/// The ways from a file to a file: through a capture or a rig alone, or through a whole console.
namespace gainstage::control {

/// What is rendered through.
class RenderClient : public devices::DeviceClient {
 public:
  void deviceEvent(devices::DeviceEvent, std::int64_t) override {}

  /// Channels of one result and frames by which it comes late, once the format is known. [control]
  virtual int resultChannels(int result) const = 0;
  virtual FrameCount latencyFrames() const = 0;
  /// First device output of a result. [control]
  virtual int firstChannel(int result) const = 0;
  /// Device outputs that it needs where so many inputs come in. [control]
  virtual int deviceOutputs(int inputs) const { return std::max(inputs, 2); }
  virtual std::vector<std::string> takeFaults() { return std::move(faults_); }  // [control, stopped]
  std::vector<std::string> takeNotes() { return std::move(notes_); }            // [control, stopped]

 protected:
  std::vector<std::string> faults_, notes_;
};

/// A rig and nothing else: what is before and after it in a strip leaves the samples as they are.
class RigClient final : public RenderClient {
 public:
  RigClient(rig::RigState rig, std::filesystem::path folder, double beatsPerMinute)
      : state_(std::move(rig)), folder_(std::move(folder)), beatsPerMinute_(beatsPerMinute) {}
  void formatChanged(const devices::DeviceFormat& format) override;
  void process(const devices::DeviceBlock& block) noexcept override;
  int resultChannels(int) const override { return rig_->outputChannels(); }
  FrameCount latencyFrames() const override { return rig_->latencyFrames(); }
  int firstChannel(int) const override { return 0; }

 private:
  rig::RigState state_;
  std::filesystem::path folder_;
  double beatsPerMinute_;
  int channels_ = 1;
  std::unique_ptr<rig::Rig> rig_;
};

/// A capture and nothing else, each channel by itself; and behind it a rig where there is one.
class CaptureClient final : public RenderClient {
 public:
  /// `factory` is for the capture's rate and the one that is rendered at; `behind` may be empty, and takes
  /// one or two channels.
  CaptureClient(std::shared_ptr<const neural::Program> program, neural::PlayerFactory factory,
                rig::RigState behind, std::filesystem::path folder, double beatsPerMinute)
      : program_(std::move(program)),
        factory_(std::move(factory)),
        behind_(std::move(behind)),
        folder_(std::move(folder)),
        beatsPerMinute_(beatsPerMinute) {}
  void formatChanged(const devices::DeviceFormat& format) override;
  void process(const devices::DeviceBlock& block) noexcept override;
  int resultChannels(int) const override;
  FrameCount latencyFrames() const override;
  int firstChannel(int) const override { return 0; }
  std::vector<std::string> takeFaults() override;

 private:
  std::shared_ptr<const neural::Program> program_;
  neural::PlayerFactory factory_;
  rig::RigState behind_;
  std::filesystem::path folder_;
  double beatsPerMinute_;
  std::vector<std::unique_ptr<neural::Player>> players_;  // one for each channel
  std::unique_ptr<rig::Rig> rig_;
  bool notFinite_ = false;
};

/// A session's console, as a run has it.
class ConsoleClient final : public RenderClient {
 public:
  /// `outputs`: ids of the outputs that are wanted, each a result. Each gets device channels of its own.
  ConsoleClient(console::Session session, std::vector<std::string> outputs, std::filesystem::path folder);
  void formatChanged(const devices::DeviceFormat& format) override;
  void process(const devices::DeviceBlock& block) noexcept override;
  int resultChannels(int result) const override;
  FrameCount latencyFrames() const override { return 0; }
  int firstChannel(int result) const override;
  int deviceOutputs(int) const override { return deviceOutputs_; }

 private:
  console::Session session_;
  std::vector<std::string> outputs_;
  std::filesystem::path folder_;
  std::vector<int> channels_;  // of each result
  std::vector<int> slots_;     // likewise
  int deviceOutputs_ = 0;
  AudioBuffer scratch_;  // the session's own device outputs
  console::Console console_;
};

/// Results into files, one each, moved forward by what they come late.
class ResultFiles final : public devices::OutputSink {
 public:
  ResultFiles(RenderClient& client, std::vector<std::filesystem::path> paths,
              formats::SampleFormat sampleFormat)
      : client_(client), paths_(std::move(paths)), sampleFormat_(sampleFormat) {}
  void formatChanged(const devices::DeviceFormat& format) override;
  bool write(ConstAudioView outputs, FrameTime frame) noexcept override;
  /// Gives the files their names; on an error there are none. [control, stopped]
  Result<void> close();
  std::int64_t frames() const noexcept { return frames_; }

 private:
  RenderClient& client_;
  std::vector<std::filesystem::path> paths_;
  formats::SampleFormat sampleFormat_;
  std::vector<formats::WavWriter> writers_;
  FrameTime toDrop_ = 0;
  std::int64_t frames_ = 0;
  Result<void> state_;
};

}  // namespace gainstage::control
