#pragma once

#include <array>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "console/console.h"
#include "control/take_control.h"
#include "devices/device.h"

namespace gainstage::control {

/// What a run has done so far.
struct EngineReport {
  devices::DeviceFormat format;
  FrameTime frames = 0;
  std::int64_t lostFrames = 0;
  std::int64_t xruns = 0;  ///< times that frames were lost
  double meanLoad = 0.0;   ///< of each callback's time; 0 without a deadline
  double worstLoad = 0.0;
  FrameCount directFrames = 0;      ///< added between input and output
  FrameCount processedFrames = 0;   ///< the longest rig's
  std::vector<std::string> faults;  ///< one sentence each, the first time it happened
  std::vector<std::string> notes;   ///< what blocks that work could not do, or a guard did, likewise
  int bypassedBlocks = 0;
  bool deviceGone = false;
};

struct EngineOptions {
  std::filesystem::path folder;             ///< the session's: its relative files are there
  std::optional<console::Session> session;  ///< none: a sensible one for the device's channels
  bool headphones = false;                  ///< the user says that every output is headphones
  bool inputsAreLive = true;
  bool fadeIn = true;
  formats::SampleFormat takeFormat = formats::SampleFormat::float32;
};

/// A console on a device, with takes: what runs while somebody plays. The device calls it; the control thread
/// changes it.
class Engine final : public devices::DeviceClient {
 public:
  explicit Engine(EngineOptions options);
  ~Engine() override;

  void formatChanged(const devices::DeviceFormat& format) override;
  void waitForRoom(FrameCount frames) override { takes_.waitForRoom(frames); }
  void process(const devices::DeviceBlock& block) noexcept override;
  void deviceEvent(devices::DeviceEvent event, std::int64_t frames) override;

  /// The session as it stands. [control]
  console::Session session() const;

  /// Changes what runs, as console::Console::apply. What puts volts on a connector (Hazard::power) is never
  /// switched on by it unless `mayPower`: only where a user's hand asked for just that. [control]
  bool apply(const console::Session& next, FrameTime at = console::kNow, bool mayPower = false);
  /// Where relative files of sessions applied from now on are. [control]
  void setFolder(const std::filesystem::path& folder);
  std::filesystem::path folder() const;  // [control]
  void panic(bool on);                   // [control]
  bool isPanicking() const noexcept { return panicking_; }

  /// Starts a take of every strip, dry and wet, and every output, below `folder`; frame kNow: at once.
  /// [control]
  Result<std::filesystem::path> startTake(const std::filesystem::path& folder, FrameTime at = console::kNow);
  void stopTake(FrameTime at = console::kNow);  // [control]
  /// Waits until the take is on the disk, where there is one. [control]
  Result<void> finishTake();
  const TakeControl& takes() const noexcept { return takes_; }  // [control]

  /// See console::Console. What the preamp gives holds for consoles that are made later, too. [control]
  void setPreampLevel(const std::string& strip, float db);
  void hold(const std::string& strip, bool on);
  void holdTalkback(bool on);
  float takeDevicePeak(const std::string& strip);

  /// See console::Console::loop. [control]
  Result<void> loop(const std::string& strip, dsp::LoopAction action, FrameTime at = console::kNow);
  /// Makes a take of a strip's loop, below `folder`, while it plays on. Errors: there is none, or it is being
  /// recorded (usage); the file system's. [control]
  Result<std::filesystem::path> saveLoop(const std::string& strip, const std::filesystem::path& folder);

  /// Housekeeping, some ten times a second: frees what is done with, gathers faults. New sentences since the
  /// last call come back. [control]
  std::vector<std::string> service();

  /// Rigs that are kept settled, and what one in this strip would be built from. [control]
  console::RigPool& rigPool() noexcept { return console_.rigPool(); }
  console::RigPlan rigPlan(const console::StripState& strip, const rig::RigState& rig) const;

  EngineReport report() const;                                      // [control]
  devices::DeviceFormat format() const;                             // [control]
  void note(const std::string& sentence);                           // [control] for the report
  console::StripMeters stripMeters(const std::string& id) const;    // [control]
  console::OutputMeters outputMeters(const std::string& id) const;  // [control]
  FrameTime frame() const;                                          // [any thread]
  bool hasTransport() const noexcept { return transportSeen_.load(std::memory_order_relaxed); }

  /// Names of the ports for other programs, in the order that process() fills them: each strip direct and
  /// wet. [control]
  static std::vector<std::string> sendNames(const console::Session& session);
  static std::vector<std::string> returnNames(const console::Session& session);

  /// The session that the given channels get where there is none. [control]
  static console::Session sessionFor(const EngineOptions& options, int inputs, int outputs);

 private:
  /// A channel that other programs can record: which strip's tap.
  struct SendTap {
    std::string strip;
    bool wet = false;
    int channel = 0;
  };
  static std::vector<SendTap> sendTaps(const console::Session& session);
  void placeSendTaps();
  void fillSends(const devices::DeviceBlock& block) noexcept;
  void measureLoad(const devices::DeviceBlock& block, std::int64_t beganNs) noexcept;
  static void remember(const std::string& sentence, std::vector<std::string>& list);
  FrameCount longestWetLatency() const;

  EngineOptions options_;
  mutable std::mutex control_;  // the control thread and the device's own; never the audio thread
  console::Console console_;
  TakeControl takes_;
  devices::DeviceFormat format_;
  bool prepared_ = false;
  bool panicking_ = false;
  std::map<std::string, float> preampDb_;  // by strip

  std::vector<SendTap> sendTaps_;  // fixed once the ports are named
  std::unique_ptr<std::atomic<int>[]> sendSlots_;

  FrameCount lastFrames_ = 0;                // of a callback; audio's
  std::atomic<FrameCount> steadyFrames_{0};  // that two callbacks in a row brought
  std::atomic<std::int64_t> lostFrames_{0};
  std::atomic<std::int64_t> xruns_{0};
  std::atomic<bool> gone_{false};
  std::atomic<bool> transportSeen_{false};
  std::atomic<double> loadSum_{0.0};
  std::atomic<double> worstLoad_{0.0};
  std::atomic<std::int64_t> loadCount_{0};
  FrameTime framesBefore_ = 0;  // of the consoles before this one; changes only while no process() runs
  int bypassedBlocks_ = 0;
  std::vector<std::string> faults_, notes_;
};

}  // namespace gainstage::control
