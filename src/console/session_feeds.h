#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gainstage::console {

/// Who hears whom in a session's document, also where a session may not say so: strips hear device inputs,
/// returns hear other programs and outputs hear strips, returns and buses, so no valid session can hold a
/// cycle; a document can ask for one, and is told. [control]
class Feeds {
 public:
  explicit Feeds(const nlohmann::json& document);

  bool isStrip(std::string_view id) const { return strips_.contains(id); }
  bool isReturn(std::string_view id) const { return returns_.contains(id); }
  /// Every word that a send's source may be.
  std::vector<std::string> sources() const;

  /// Where `source` is something in this session that `hearer` (both ids) cannot hear: what to complain of, a
  /// cycle where hearing it would close one. Else empty.
  std::string refusal(const std::string& hearer, const std::string& source) const;

 private:
  void add(const nlohmann::json& element, std::set<std::string, std::less<>>& ids);
  void addHeard(const std::string& hearer, const nlohmann::json& element);
  /// hearer, source, ..., hearer; or empty.
  std::vector<std::string> cycle(const std::string& hearer, const std::string& source) const;

  std::set<std::string, std::less<>> strips_, returns_, outputs_;
  std::map<std::string, std::set<std::string>> heard_;
};

}  // namespace gainstage::console
