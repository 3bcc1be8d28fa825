#pragma once

#include <map>
#include <set>
#include <string_view>

#include "config/complaint.hpp"
#include "config/options.hpp"
#include "config/setting.hpp"

namespace querent::config {

// The settings of one interface, from the weakest to the strongest voice. Refers to the settings
// that it was given.
class SettingLayers {
 public:
  // A later one wins. One that is not allowed changes nothing and leaves its option in doubt.
  void add(const SettingList& settings);

  const InterfaceDraft& draft() const { return draft_; }

  // Where the value of this key comes from, for complaints; the key itself when it is the default.
  std::string_view origin(std::string_view key) const;

  bool is_said(std::string_view key) const { return said_.contains(find_option(key)); }
  bool is_in_doubt(std::string_view key) const { return in_doubt_.contains(find_option(key)); }

 private:
  InterfaceDraft draft_;
  std::map<const Option*, const Setting*> said_;
  std::set<const Option*> in_doubt_;
};

// "... is not ...", for a value that its option does not allow.
Complaint not_allowed(const Setting& setting);

// What is wrong, or risky, in how the settings go together. Those in doubt are left out.
void check_together(const SettingLayers& layers, Complaints& errors, Complaints& warnings);

}  // namespace querent::config
