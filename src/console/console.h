#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "console/rig_pool.h"
#include "console/runtime.h"
#include "console/session.h"

namespace gainstage::console {

struct ConsoleOptions {
  std::filesystem::path folder;  ///< relative files of the session are looked for here
  bool inputsAreLive = true;     ///< a microphone could hear the outputs: the first-sound rules apply
  bool fadeIn = true;            ///< outputs fade in at start
  std::map<std::string, float> preampDb = {};  ///< as setPreampLevel, by strip
  Overload::Clock clock = nullptr;
  void* clockContext = nullptr;
};

/// Something the user should be told.
enum class FaultKind : std::uint8_t {
  blockBypassed,
  fileMissing,
  correctionOff,  ///< its file cannot be used
  inputNotFinite,
  rigShed,
  rigRestored,
  howl,
  liveHeld,
  loopEnded,
  blockNote  ///< no fault: a block works, and has something to tell
};

struct Fault {
  FaultKind kind = FaultKind::blockBypassed;
  std::string where;    ///< address: "strips/gtr/rig/cab"
  std::string message;  ///< one sentence
};

/// Peaks, levels and counts of one strip or output, as remotes show them.
struct StripMeters {
  dsp::MeterReading input[2];              ///< before the rig
  dsp::MeterReading wet[2];                ///< after it
  std::optional<dsp::LoopReading> loop;    ///< where its looper was ever used
  std::optional<rig::TunerReading> tuner;  ///< where the rig has one
};
struct OutputMeters {
  dsp::MeterReading channel[2];
  std::optional<double> integratedLufs;  ///< nothing for silence
  double gainReductionDb = 0.0;          ///< taken by the ceiling in the last callback
  double levelLimitDb = 0.0;             ///< and by the limit of the level
  std::optional<double>
      fullScaleDbSpl;              ///< of a sine at the ear; nothing where any figure of the gear is unknown
  std::optional<double> levelDba;  ///< at the louder ear, slow; nothing below 0 dB SPL either
  headphones::Dose dose;           ///< since the output was made
};

/// A session made runnable. The control thread owns the session and whatever is built for it; the audio
/// thread executes the runtime. Every change of the session goes through apply(), which sends the differences
/// and no more.
class Console {
 public:
  Console();
  ~Console();

  /// Builds everything anew and starts from silence. Not while process() runs. [control]
  void prepare(const Session& session, const StreamFormat& format, const ConsoleOptions& options);

  /// Makes `next` the session, from frame `at` on (kNow: the next callback): parameters ramp, rigs crossfade,
  /// strips and outputs come and go, nothing pops. False where too much is under way already; then nothing
  /// changed: try again after service(). [control]
  bool apply(const Session& next, FrameTime at = kNow);

  const Session& session() const noexcept { return session_; }  // [control]

  /// Where relative files of sessions applied from now on are. [control]
  void setFolder(const std::filesystem::path& folder) { options_.folder = folder; }

  /// Rigs that are kept settled: a session applied with one of them finds it here and need not build it.
  /// [control]
  RigPool& rigPool() noexcept { return pool_; }
  /// What a rig in this strip would be built from. [control]
  RigPlan rigPlan(const StripState& strip, const rig::RigState& rig) const;

  /// Mutes every output within 5 ms, or lets them fade in again. [control]
  void panic(bool on);

  /// What the device's preamp gives this strip, in dB, from now on: the level guards count it. Nothing where
  /// there is no such strip. Kept until the strip goes. [control]
  void setPreampLevel(const std::string& id, float db);
  /// Keeps a strip's input away from its taps, or lets it back, faded over 20 ms. [control]
  void hold(const std::string& id, bool on);
  void holdTalkback(bool on);  // [control]
  /// Largest magnitude that the device gave a strip since the last call; 0 where there is none. [control]
  float takeDevicePeak(const std::string& id) noexcept;

  /// What a strip's looper is to do, from frame `at` on; it has one from its first action on. Errors: no such
  /// strip (usage), too much is under way. [control]
  Result<void> loop(const std::string& id, dsp::LoopAction action, FrameTime at = kNow);
  /// nullptr where the strip's looper was never used. Good until the next service(). [control]
  dsp::Looper* looper(const std::string& id) noexcept;

  /// Frees what came back from the audio thread, replaces bypassed rigs by fresh ones, gathers faults. To be
  /// called a few times a second. [control]
  void service();

  /// What happened since the last call. [control]
  std::vector<Fault> takeFaults();

  StripMeters stripMeters(const std::string& id) const;                          // [control]
  OutputMeters outputMeters(const std::string& id) const;                        // [control]
  FrameCount wetLatencyFrames(const std::string& id) const;                      // [control]
  FrameTime frame() const noexcept { return runtime_ ? runtime_->frame() : 0; }  // [any thread]

  /// Slot of a strip or output, or -1. [control]
  int stripSlot(const std::string& id) const noexcept;
  int outputSlot(const std::string& id) const noexcept;

  /// What was handed over for a slot last; to be told apart, not to be used. [control]
  const Strip* placedStrip(int slot) const noexcept { return strips_[slot].strip; }
  const Output* placedOutput(int slot) const noexcept { return outputs_[slot].output; }

  void process(const ConsoleIo& io) noexcept { runtime_->process(io); }  // [audio]
  const Runtime& runtime() const noexcept { return *runtime_; }          // [audio] for its taps

 private:
  struct StripPlace {
    std::string id;
    Strip* strip = nullptr;  // owned by the runtime
    rig::Rig* rig = nullptr;
    int rebuilt = 0;                // times that a bypassed rig was replaced
    float levelOffsetDb = 0.0f;     // what the rig was measured to add beyond its level parameters
    float levelDb = 0.0f;           // what the guards were told of it
    dsp::Looper* looper = nullptr;  // the strip's
    bool loopEndTold = false;
  };
  struct OutputPlace {
    std::string id;
    std::filesystem::path correction = {};  // the file that was asked for last
    Output* output = nullptr;
  };

  /// What a rig that is out was built from, and its level then.
  struct Origin {
    RigPlan plan;
    float levelDb = 0.0f;
  };

  std::unique_ptr<rig::Rig> buildRig(const StripState& strip, const Session& session, StripPlace& place);
  void takeBack(rig::Rig* rig);
  double tempoOf(const Session& session) const noexcept;
  bool isHeld(const OutputState& output) const noexcept;

  bool planStrips(const Session& next, std::vector<Command>& batch);
  void planStrip(const StripState& before, const StripState& after, const Session& next, int slot,
                 std::vector<Command>& batch);
  bool planOutputs(const Session& next, std::vector<Command>& batch);
  void planListening(const OutputState& before, const OutputState& after, int slot,
                     std::vector<Command>& batch);
  std::filesystem::path correctionPath(const OutputState& output) const;
  headphones::PreparedCorrection prepareCorrection(const OutputState& output);
  void planMix(const OutputState* before, const OutputState& after, const Session& next, int slot,
               std::vector<Command>& batch);
  void planReturns(const Session& next);
  void planGlobals(const Session& next, std::vector<Command>& batch);
  int freeStripSlot() const noexcept;
  int freeOutputSlot() const noexcept;
  int sourceSlot(const SendState& send) const noexcept;
  int previousSource(const SendState& send) const noexcept;
  void discard(std::vector<Command>& batch) noexcept;

  void serviceLoopers();
  void handle(const Notice& notice);
  void replaceBypassed(const Notice& notice);
  void addFault(FaultKind kind, std::string where, std::string message);

  Session session_;
  StreamFormat format_;
  ConsoleOptions options_;
  std::unique_ptr<Runtime> runtime_;
  std::array<StripPlace, kMaxStrips> strips_;
  std::array<OutputPlace, kMaxOutputs> outputs_;
  std::array<std::string, kMaxReturns> returns_;
  std::array<std::string, kMaxStrips> stripsBefore_;  // ids by slot while a change is planned
  std::array<std::string, kMaxReturns> returnsBefore_;
  std::vector<Fault> faults_;
  RigPool pool_;
  std::unordered_map<const rig::Rig*, Origin> origins_;
  int objectsOut_ = 0;  // handed over and not yet back, beyond what stands
};

}  // namespace gainstage::console
