#pragma once

#include "console/session.h"
#include "rig/rig_json.h"

namespace gainstage::console {

/// The device that a first session is made for.
struct DefaultSessionRequest {
  int inputs = 2;  ///< channels; a strip for each of the first 8
  int outputs =
      2;  ///< channels; an output for each pair of the first 32, the last of one channel where they are odd
  OutputKind outputKind = OutputKind::unknown;  ///< of every output
  /// Kind of each input, for as many as are known; the first is an instrument and the others are microphones
  /// where nothing is known, which is how a guitarist who sings plugs into an interface of two inputs.
  std::vector<StripKind> inputKinds = {};
  int returns = 1;  ///< stereo returns from other programs
};

/// A session to begin with. Instruments go through a gate, a compressor and a switched-off EQ (as far as
/// `blocks` has them) and are heard wet; all else is heard direct. In mix k strip k stands 9 dB above the
/// others, because players ask for more of themselves; metronome, talkback, reverb and returns are in every
/// mix, for when they are used. Outputs of unknown kind start at -30 dB. Known ones start at -12 dB:
/// headphones of 100 dB/mW on an output that gives 50 mW make 117 dB SPL of full scale, so 0 dBFS peaks reach
/// 105 dB and programme 18 dB below them 87, which can be heard well and harms nobody while they find the
/// knob. [control]
Session defaultSession(const DefaultSessionRequest& request,
                       rig::BlockList blocks = rig::blockDeclarations());

}  // namespace gainstage::console
