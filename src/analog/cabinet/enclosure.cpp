#include "analog/cabinet/enclosure.h"

#include <array>
#include <cmath>

namespace gainstage::analog {
namespace {

constexpr double kFloorReflects = 0.7;  // boards or a thin carpet
constexpr double kEdgeShare = 1.0 / 8.0;

// Low ones belong to the box: its air and panels. Those above are the cone's. Chosen so that the shapes lie
// among measured guitar cabinets' (tests/analog/cabinet/cabinet_shape_test.cpp says how near).
constexpr std::array kBritishModes{ConeMode{165.0, 5.5, 1.1}, ConeMode{600.0, -6.0, 0.6},
                                   ConeMode{1300.0, -3.0, 1.8}, ConeMode{2500.0, 4.5, 1.5},
                                   ConeMode{3600.0, 2.0, 3.0}};
constexpr std::array kAmericanModes{ConeMode{180.0, 7.5, 0.9}, ConeMode{650.0, -6.0, 0.6},
                                    ConeMode{1500.0, -2.0, 1.8}, ConeMode{2700.0, 4.5, 1.4},
                                    ConeMode{4000.0, 2.0, 3.0}};
constexpr std::array kBassModes{ConeMode{130.0, 4.0, 0.9}, ConeMode{600.0, -5.0, 0.6},
                                ConeMode{1700.0, 3.0, 1.5}, ConeMode{3000.0, 3.0, 2.5}};

// Small-signal figures of the usual kind (makers' data sheets): 12 inches, 75 Hz, Vas 50 l; 10 inches, 55 Hz,
// 25 l.
const Loudspeaker kBritish12{0.130, 75.0, 0.9, 50.0, kBritishModes, 4300.0, 1.3};
const Loudspeaker kAmerican12{0.130, 80.0, 1.0, 45.0, kAmericanModes, 4600.0, 1.2};
const Loudspeaker kBass10{0.105, 55.0, 0.7, 25.0, kBassModes, 4000.0, 1.0};

Point minus(const Point& a, const Point& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
double length(const Point& p) { return std::hypot(p[0], p[1], p[2]); }

SoundPath straight(const Point& from, const Point& microphone, double share) {
  const Point way = minus(microphone, from);
  return {from, length(way), share, std::hypot(way[0], way[1]) / length(way), false};
}

}  // namespace

Enclosure enclosureOf(CabinetKind kind) {
  switch (kind) {
    case CabinetKind::open1x12:
      return {kAmerican12, 0.0, {}, 0.25, 0.25, 0.22, 0.23, 0.24, 0.23};
    case CabinetKind::open2x12:
      return {kAmerican12, 0.0, {{-0.32, 0.0, 0.0}}, 0.50, 0.18, 0.25, 0.25, 0.26, 0.27};
    case CabinetKind::closed4x12:
      return {kBritish12, 30.0, {{-0.33, 0.0, 0.0}, {0.0, -0.33, 0.0}, {-0.33, -0.33, 0.0}},
              0.54,       0.21, 0.54,
              0.21,       0.36, 0.56};
    case CabinetKind::bass8x10: {
      Enclosure tall{kBass10, 35.0, {}, 0.47, 0.18, 0.75, 0.46, 0.41, 0.77};
      for (const double x : {0.0, -0.29})
        for (const double y : {0.29, 0.0, -0.29, -0.58})
          if (x != 0.0 || y != 0.0) tall.others.push_back({x, y, 0.0});
      return tall;
    }
  }
  return {};
}

std::vector<SoundPath> soundPaths(const Enclosure& enclosure, const Point& microphone) {
  std::vector<SoundPath> paths;
  std::vector<Point> cones = enclosure.others;
  cones.push_back({});
  for (const Point& cone : cones) {
    if (length(cone) > 0.0) paths.push_back(straight(cone, microphone, 1.0));
    const Point image{cone[0], -2.0 * enclosure.height - cone[1], 0.0};
    paths.push_back(straight(image, microphone, kFloorReflects));
    for (const Point& edge : {Point{-enclosure.left, cone[1], 0.0}, Point{enclosure.right, cone[1], 0.0},
                              Point{cone[0], -enclosure.below, 0.0}, Point{cone[0], enclosure.above, 0.0}}) {
      const double along = length(minus(edge, cone)), rest = length(minus(microphone, edge));
      paths.push_back({edge, along + rest, -kEdgeShare, 1.0, false});
      if (enclosure.boxLitres == 0.0)
        paths.push_back({edge, enclosure.depth + along + rest, -kEdgeShare, 0.0, true});
    }
  }
  return paths;
}

}  // namespace gainstage::analog
