#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "control/dose_keeper.h"
#include "control/engine.h"
#include "devices/device.h"

namespace gainstage::control {

struct RunOptions {
  std::optional<std::filesystem::path> session;  ///< none: what this device had last, else a sensible one
  double sampleRate = 0.0;                       ///< Hz; 0: what suits the device
  FrameCount blockFrames = 0;
  double seconds = 0.0;  ///< 0: until told to stop
  bool recordTake = true;
  std::filesystem::path takeFolder;
  formats::SampleFormat takeFormat = formats::SampleFormat::float32;
  bool headphones = false;
  bool freeRunning = false;
  bool connect = true;
  std::vector<std::filesystem::path> presetFolders;  ///< of banks, the user's own first
  std::filesystem::path stateFolder;  ///< sessions are kept here between runs; empty: nothing is kept
};

/// What surrounds a run: where lines come from and go to.
struct RunSurroundings {
  int commandsFd = -1;                                   ///< lines of commands; -1: none
  std::function<void(const std::string&)> reply;         ///< one JSON object; may be empty
  std::function<void(const std::string&)> tell;          ///< a sentence for people
  std::function<void(const Engine&)> drawMeters;         ///< some ten times a second; may be empty
  std::function<bool(const std::string& question)> ask;  ///< yes or no; empty: nobody is there
  std::function<bool()> stopWanted;                      ///< Ctrl-C and the like
};

/// Opens the device, runs the session on it until something ends it, and leaves a take. [control]
class Run {
 public:
  Run(std::unique_ptr<devices::Device> device, RunOptions options, RunSurroundings surroundings);
  ~Run();

  /// Everything up to the first callback.
  Result<void> begin();
  /// Until the end; the take is whole when it returns.
  Result<void> loop();

  const Engine& engine() const { return *engine_; }
  const DoseKeeper& doses() const { return *dose_; }
  const devices::Device& device() const { return *device_; }

  /// 0, or 1 where frames were lost, a block was bypassed or the take has a fault. After loop().
  int exitCode() const;

 private:
  struct LineReader;

  /// `isNew`: nobody has written it.
  Result<console::Session> chooseSession(bool& isNew);
  devices::DeviceRequest requestFor(const console::Session& session) const;
  void tellWhatIsMissing(const console::Session& session, const devices::DeviceFormat& format) const;
  void executeLines(double waitMs);
  bool isOver() const;
  void tellAndNote(const std::string& sentence);

  std::unique_ptr<devices::Device> device_;
  RunOptions options_;
  RunSurroundings around_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<class SessionKeeper> keeper_;
  std::unique_ptr<class Hardware> hardware_;
  std::unique_ptr<DoseKeeper> dose_;
  std::unique_ptr<class Commands> commands_;
  std::unique_ptr<LineReader> lines_;
};

}  // namespace gainstage::control
