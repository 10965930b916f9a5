#pragma once

#include <filesystem>

#include "advise/owner.h"

/// Single questions, each answered with figures. [control]
namespace gainstage::advise {

/// Can this output drive these headphones, how loud, with what change of sound?
Answer canDrive(const OutputModel& output, const HeadphoneModel& headphone, double peakSpl);
/// Can an interface be used as a headphone amplifier?
Answer interfaceAsAmplifier(const OutputModel& interface, const HeadphoneModel& headphone, double peakSpl);
/// Is a headphone amplifier needed beside this interface? With those that would do.
Answer needAmplifierBeside(const OutputModel& interface, const HeadphoneModel& headphone, const Owner& owner,
                           const Catalogue& catalogue);
/// Are earbuds fine, and is the hiss audible?
Answer earbudsOn(const OutputModel& output, const HeadphoneModel& headphone, double peakSpl);
/// May a passive loudspeaker hang on a headphone output? No, and this is what it would do.
Answer loudspeakerOn(const OutputModel& output, double speakerOhm, double metres);

/// A measured response: frequencies in Hz and dB, two columns.
struct Response {
  std::string name;
  std::vector<double> hz, db;
};
/// Of a file as formats/response_text.h reads it.
Result<Response> readResponse(const std::filesystem::path& path);
/// RMS of the difference to a target (nullptr: flat) about its mean, dB, 40 Hz to 10 kHz, the mean power of
/// 1/6 octave at each of 24 frequencies an octave.
double deviationDb(const Response& response, const Response* target);
/// Which of two is nearer to neutral; only figures of the same rig compare.
Answer nearerToNeutral(const Product& first, const Product& second);
Answer nearerToNeutral(const Response& first, const Response& second, const Response* target);

/// Do I need an interface to start making music?
Answer needInterface(const Owner& owner, const Catalogue& catalogue);
/// Does the converter limit me: what noise a recording has, and whose it is.
Answer converterLimits(const Product& interface, const Product* microphone, double sourceSpl,
                       double roomNoiseDba, const Catalogue& catalogue);

/// How much does the interface change what an amplifier simulation gives?
Answer interfaceBeforeSimulation(const Product& interface, const Product* pickup, double cableMetres,
                                 const Catalogue& catalogue);
/// Can an electric guitar be played without an amplifier, and through what?
Answer guitarWithoutAmplifier(const Owner& owner, const Catalogue& catalogue);
/// What does wireless cost in latency at this distance?
Answer wirelessLatency(double metres);

/// A way of monitoring oneself through a computer.
struct BufferSetting {
  double sampleRate = 48000.0;
  int blockFrames = 64, blocks = 2;
};

/// Interface beside headphone amplifier for this owner: uses, sound quality, latency, price, size and set-up.
Answer compareWays(const Owner& owner, const BufferSetting& buffer, const Catalogue& catalogue);
/// A guitar amplifier beside an interface with an amplifier simulation, likewise. Its price and the distance
/// to it are the owner's to tell.
Answer compareGuitarAmplifier(const Owner& owner, const BufferSetting& buffer,
                              std::optional<double> amplifierPrice, double metres,
                              const Catalogue& catalogue);

}  // namespace gainstage::advise
