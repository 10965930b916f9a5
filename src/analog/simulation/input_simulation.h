#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "analog/gear/converter.h"
#include "analog/gear/input.h"
#include "analog/gear/microphone.h"
#include "analog/gear/passive_pickup.h"
#include "analog/gear/recording_path.h"
#include "analog/simulation/converter_simulation.h"
#include "analog/simulation/magnitude_filter.h"
#include "analog/simulation/white_noise.h"

namespace gainstage::analog {

/// Sound before a microphone: a sine of magnitude 1 among the source's samples is `fullScaleDbSpl`.
struct MicrophonePlugged {
  RecordingMicrophone microphone;
  double fullScaleDbSpl = 120.0;
};
/// Strings over a pickup: magnitude 1 is this voltage, at its peak, that they induce.
struct GuitarPlugged {
  PassivePickup pickup;
  GuitarControls controls;
  GuitarCable cable;
  double fullScaleV = 1.0;
};
/// A keyboard, a mixer: a sine of magnitude 1 is `fullScaleDbu`, open circuit.
struct LinePlugged {
  double outputImpedanceOhm = 100.0;
  double fullScaleDbu = 4.0;
  std::optional<double> noiseDbuA;
};
using Plugged = std::variant<MicrophonePlugged, GuitarPlugged, LinePlugged>;

/// What a switch does to a voltage for a while: it jumps by `volts` and falls back by this time constant.
struct Thump {
  double volts = 0.0;  ///< 0 or more
  double seconds = 0.1;
  /// Until it is `db` below where it begins.
  double secondsTo(double db) const noexcept;
};

/// A ground that is not quiet: a mains hum at the socket, with its harmonics.
struct GroundHum {
  static constexpr int kHarmonics = 8;
  double frequencyHz = 50.0;
  double levelDbu = -60.0;  ///< of the fundamental
  /// Below the fundamental, from the second harmonic on. Rectifiers give odd ones more than even ones.
  std::array<double, kHarmonics - 1> harmonicsDb{-24.0, -6.0, -30.0, -12.0, -36.0, -18.0, -40.0};
};

/// An input as its maker built it, with what hangs on it.
struct InputDesign {
  Plugged plugged;
  AnalogInput input;
  /// How the input is with its instrument switch on; nothing: it has no such switch.
  std::optional<AnalogInput> instrument;
  Converter converter;
  Thump phantomThump{0.5, 0.1};  ///< at the socket: coupling capacitors of unequal size that charge
  Thump gainThump{0.05, 0.01};   ///< behind the preamp: its offset, at another gain
  std::optional<GroundHum> hum;
  std::uint32_t seed = 1;
};

/// How an input stands.
struct InputSwitches {
  double gainDb = 0.0;
  bool pad = false;
  bool instrument = false;
  bool phantom = false;
  bool operator==(const InputSwitches&) const = default;
};

/// From the source's samples to the converter's, through everything between: microphone or pickup, cable, the
/// input's load, noise of every part, pad, preamp, clipping, converter. Each part is the equation in
/// analog/gear. Latency: the converter's.
class InputSimulation {
 public:
  /// Allocates, and begins at rest. [control]
  void prepare(double sampleRate, const InputDesign& design, const InputSwitches& switches);
  FrameCount latencyFrames() const noexcept { return converter_.latencyFrames(); }  // [any thread]

  /// Switched at the next frame, with the thumps that belong to it. [audio]
  void set(const InputSwitches& switches) noexcept;

  /// The source's samples in, the converter's out, in place, any number of frames. [audio]
  void process(std::span<float> io) noexcept;

 private:
  /// One of the two circuits that the instrument switch chooses from.
  struct Circuit {
    double load = 1.0;                        // of the source's voltage that reaches the socket
    double sourceNoiseV = 0.0;                // RMS at the socket; white ones
    double silentNoiseV = 0.0;                // the same while a microphone has no phantom power
    double preampNoiseV = 0.0;                // RMS, of the preamp
    double paddedNoiseV = 0.0;                // the same behind the pad, whose own resistance it meets then
    double pad = 1.0;                         // what is left of a voltage when it is on
    double clipV = 0.0;                       // peak behind the preamp
    MagnitudeFilter loadFilter, noiseFilter;  // of a guitar
  };
  struct Decay {
    double volts = 0.0, perFrame = 0.0;
    double next() noexcept { return volts *= perFrame; }
  };

  static Circuit circuitOf(double sampleRate, const InputDesign& design, const AnalogInput& input);
  void processChunk(std::span<float> io) noexcept;
  double hum() noexcept;
  Circuit& circuit() noexcept { return switches_.instrument && hasInstrument_ ? instrument_ : plain_; }

  InputSwitches switches_;
  Circuit plain_, instrument_;
  bool hasInstrument_ = false, isGuitar_ = false, needsPhantom_ = false;
  double sourceV_ = 1.0;      // peak of magnitude 1, open circuit
  double sourceMostV_ = 0.0;  // peak that a microphone can give
  double gain_ = 1.0;
  double awake_ = 1.0, wakePerFrame_ = 0.0;  // of a microphone's electronics
  Decay phantomThump_, gainThump_;
  double phantomThumpV_ = 0.0, gainThumpV_ = 0.0;
  struct Partial {
    double volts = 0.0, turn = 0.0, turnsPerFrame = 0.0;
  };
  std::vector<Partial> hum_;
  WhiteNoise sourceNoise_, preampNoise_;
  InputConverter converter_;
};

}  // namespace gainstage::analog
