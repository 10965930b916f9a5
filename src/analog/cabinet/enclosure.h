#pragma once

#include <vector>

#include "analog/cabinet/cabinet.h"
#include "analog/cabinet/loudspeaker.h"
#include "analog/cabinet/sound_field.h"

namespace gainstage::analog {

/// A cabinet's measures. Lengths in metres, seen from the cone that the microphone stands before.
struct Enclosure {
  Loudspeaker speaker;
  double boxLitres;                  ///< of air behind each cone; 0: open back
  std::vector<Point> others;         ///< the other cones
  double left, right, below, above;  ///< to the baffle's edges
  double depth;
  double height;  ///< of the cone above the floor
};

Enclosure enclosureOf(CabinetKind kind);  // [control]

/// One way on which sound of the cabinet reaches a point.
struct SoundPath {
  Point from;       ///< where the last part of it begins, seen from the cone
  double metres;    ///< in all
  double share;     ///< of what would arrive straight ahead
  double sine;      ///< of the angle at which it leaves its cone
  bool fromBehind;  ///< left the back of the cone
};

/// All ways to `microphone` but the direct one from its own cone: the other cones, every cone's reflection in
/// the floor, and what the edges send. There the half space before the baffle opens to the whole one, so the
/// edges take back half of the low frequencies' pressure (the "baffle step": Olson, "Direct radiator
/// loudspeaker enclosures", JAES 17(1), 1969), modelled as a source of -1/8 in the middle of each
/// (Vanderkooy, "A simple theory of cabinet edge diffraction", JAES 39(12), 1991); and from an open back they
/// send the back's wave, of the other sign, so that front and back cancel below the wavelength of the way
/// round. [control]
std::vector<SoundPath> soundPaths(const Enclosure& enclosure, const Point& microphone);

}  // namespace gainstage::analog
