#pragma once

#include "analog/simulation/input_simulation.h"
#include "analog/simulation/output_simulation.h"
#include "devices/input_controls.h"
#include "devices/output_gear.h"

namespace gainstage::devices {

/// An input of the virtual interface that is made of real parts.
struct InputStage {
  analog::InputDesign design;
  bool hasKnob = false;  ///< its gain is turned by hand, not from here
  InputSettings stands;  ///< when it is plugged in
};

/// A pair of outputs, or one, with a headphone on it.
struct OutputStage {
  int firstChannel = 1;  ///< counted from 1
  int channels = 2;      ///< 1 or 2, side by side
  analog::OutputDesign design;
};

/// A source that is suddenly louder, until it clips.
struct Surge {
  int input = 1;  ///< counted from 1
  FrameTime atFrame = 0;
  FrameTime frames = 0;
  double byDb = 24.0;
};

/// What of a stage can be told, and how long a switch is heard: until its thump is below -90 dBFS at the
/// highest gain, and a microphone has woken up. [any thread]
InputControls controlsOf(const InputStage& stage);

/// What of it can be told. [any thread]
OutputGear gearOf(const OutputStage& stage);

/// As far as the stage can be set so. [any thread]
InputSettings limitedTo(const InputStage& stage, InputSettings settings);

}  // namespace gainstage::devices
