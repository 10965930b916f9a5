#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "control/auto_gain.h"
#include "control/engine.h"
#include "control/session_keeper.h"
#include "devices/device.h"

namespace gainstage::control {

/// What an auto gain came to.
struct AutoGainResult {
  double peakDbfs = 0.0;         ///< as it was heard
  double changeDb = 0.0;         ///< to be made: by the unit, or where it has a knob, by hand
  std::optional<double> gainDb;  ///< where the unit was set to
  std::string message;
};

/// The device's own inputs as the session's strips want them: preamp gain, pad, instrument switch, phantom
/// power. Whatever is switched is kept from the listeners meanwhile: the strip is faded out, the device
/// switched, and the strip faded in once the device has settled. All of it [control].
class Hardware {
 public:
  Hardware(devices::Device& device, Engine& engine, SessionKeeper& keeper);

  /// Before the device is opened, while nothing sounds. `isNew`: nobody has written the session; its strips
  /// take over how the device stands, its outputs what the device knows of their gear. Else the device is set
  /// as they say, but for phantom power, which stays as it is: what that leaves off is told.
  static std::vector<std::string> adopt(devices::Device& device, console::Session& session, bool isNew);
  void begin(const console::Session& session);

  /// Some fifty times a second. New sentences.
  std::vector<std::string> service();

  /// A value of a strip as the device can have it. Error (usage): its input has nothing of the kind.
  Result<float> fit(const console::StripState& strip, console::StripParameter parameter, float value) const;

  /// What whoever set this should be told; empty: nothing.
  std::string warningFor(const console::StripState& strip, console::StripParameter parameter,
                         float value) const;

  Result<void> startAutoGain(const console::StripState& strip);
  void stopAutoGain(const std::string& strip);
  bool isListening(const std::string& strip) const;
  std::optional<AutoGainResult> lastAutoGain(const std::string& strip) const;
  devices::InputControls controls(const console::StripState& strip) const;
  std::string deviceName() const { return device_.description().name; }

 private:
  enum class Stage { idle, fading, settling };
  struct Place {
    std::vector<int> inputs;  ///< as the strip's
    devices::InputSettings applied;
    Stage stage = Stage::idle;
    FrameTime until = 0;
    AutoGain autoGain;
    std::optional<AutoGainResult> result;
    FrameTime nextWarning = 0;
  };

  Place& placeOf(const console::StripState& strip);
  devices::InputSettings wanted(const console::StripState& strip) const;
  void follow(const console::Session& session, const console::StripState& strip, Place& place,
              FrameTime frame);
  bool apply(const console::StripState& strip, Place& place);
  void hold(const console::Session& session, const std::vector<int>& inputs, bool on);
  void listen(const console::StripState& strip, Place& place, double peak, FrameTime frame);
  void conclude(const console::StripState& strip, Place& place);
  void guard(const console::StripState& strip, Place& place, double peak, FrameTime frame);
  bool setGain(const console::StripState& strip, double gainDb);
  double sampleRate() const { return engine_.format().sampleRate; }

  devices::Device& device_;
  Engine& engine_;
  SessionKeeper& keeper_;
  std::map<std::string, Place> places_;  ///< by strip
  std::vector<std::string> news_;
};

}  // namespace gainstage::control
