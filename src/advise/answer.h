#pragma once

#include <nlohmann/json_fwd.hpp>

#include "advise/estimate.h"

/// What every question is answered with: words for a beginner, figures for an engineer. [any thread]
namespace gainstage::advise {

/// A product, what it costs and what speaks for or against it.
struct Candidate {
  std::string name;
  const Figure* price = nullptr;  ///< nullptr: not known
  std::vector<std::string> why;
  std::string group;  ///< "interfaces", where an answer lists two kinds
};

/// One of the things that two ways of doing it are compared by.
struct Comparison {
  std::string aspect, winner, why;
  std::vector<Fact> facts;
};

struct Answer {
  std::string question;
  std::string verdict;  ///< a word or two: "headphone amplifier", "no"
  std::string summary;  ///< a sentence or two
  std::vector<Fact> facts;
  std::vector<std::string> notes;
  std::vector<std::string> changes;  ///< what would change it
  std::vector<Candidate> fitting;    ///< cheapest first
  std::vector<Candidate> undecided;  ///< the catalogue lacks a figure that decides
  std::vector<Candidate> failing;
  std::vector<Comparison> comparisons;
};

struct TextOptions {
  bool explain = false;    ///< formulas and sources
  std::size_t listed = 5;  ///< of each list of products; 0: all
};

std::string textOf(const Answer& answer, const TextOptions& options);
/// All of it, whatever is listed in the text.
nlohmann::ordered_json jsonOf(const Answer& answer);

/// "199 USD (2025)", "price unknown".
std::string priceText(const Figure* price);

/// Cheapest first, unknown prices last; of equals, by name.
void sortByPrice(std::vector<Candidate>& candidates);

}  // namespace gainstage::advise
