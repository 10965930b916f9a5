#include <array>

#include "analog/amplifier/design.h"

namespace gainstage::analog {
namespace {

// Parts as published: Vox AC30 with top boost, brilliant channel. Every triode a 12AX7.

constexpr std::string_view kPreamp = R"(
R guitar jack 10k
R jack 0 1meg
R jack grid1 34k
T plate1 grid1 cathode1
R cathode1 0 3k
C cathode1 0 12.5u
V supply1 275
R supply1 plate1 220k
C plate1 volumetop 22n
P volume volumetop grid2 0 500k
C volumetop grid2 100p
T plate2 grid2 cathode2
R cathode2 0 1.5k
V supply2 280
R supply2 plate2 100k
T supply2 plate2 cathode3
R cathode3 0 56k
C cathode3 trebletop 50p
P treble trebletop toned trebleend 1meg
R cathode3 slope 100k
C slope trebleend 22n
B bass trebleend middletop 1meg
C slope middletop 22n
R middletop 0 10k
R toned mixed 220k
R mixed 0 220k
C mixed out 47n
)";

constexpr std::string_view kInverter = R"(
T platea out shared
T plateb grid2i shared
R shared tail 1.2k
R out tail 1meg
R grid2i tail 1meg
R tail foot 47k
R foot 0 1
C grid2i 0 47n
R fed foot 100k
V supplyi 300
R supplyi platea 100k
R supplyi plateb 100k
C platea leaka 100n
R leaka 0 220k
R leaka powera 1.5k
C powera 0 64p
G powera
C plateb leakb 100n
R leakb 0 220k
R leakb powerb 1.5k
C powerb 0 64p
G powerb
C leaka cutting 4.7n
B cut cutting leakb 250k
)";

constexpr std::array kKnobs{
    AmplifierKnob{"volume", "Volume", "volume", Taper::audio, 0.5f},
    AmplifierKnob{"treble", "Treble", "treble", Taper::linear, 0.5f},
    AmplifierKnob{"bass", "Bass", "bass", Taper::audio, 0.5f},
    AmplifierKnob{"cut", "Cut", "cut", Taper::reversed, 0.5f},
};

}  // namespace

const AmplifierDesign kTopBoost{.id = "top-boost",
                                .name = "Top boost",
                                .preamp = kPreamp,
                                .inverter = kInverter,
                                .knobs = kKnobs,
                                .power = {.tube = {21.29, 1.24, 401.7, 111.04, 17.9},
                                          .tubes = 4,
                                          .gridVolts = 0.0,
                                          .cathodeOhms = 50.0,
                                          .cathodeFarads = 250e-6,
                                          .plateVolts = 320.0,
                                          .screenVolts = 310.0,
                                          .supplyOhms = 170.0,
                                          .supplyFarads = 32e-6,
                                          .screenOhms = 250.0,
                                          .screenFarads = 16e-6,
                                          .otherAmperes = 0.019,
                                          .turns = 15.8,
                                          .primaryHenries = 14.0,
                                          .leakageHenries = 10e-3,
                                          .primaryOhms = 140.0,
                                          .secondaryOhms = 0.8,
                                          .coilOhms = 13.0,
                                          .coilHenries = 0.8e-3,
                                          .coilLossOhms = 60.0,
                                          .resonanceHz = 80.0,
                                          .resonanceQ = 7.0,
                                          .resonanceOhms = 90.0,
                                          .feedbackShare = 0.0},
                                .ratedWatts = 32.0,
                                .fullScaleVolts = 95.0};

}  // namespace gainstage::analog
