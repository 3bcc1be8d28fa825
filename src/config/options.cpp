#include "config/options.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace querent::config {

InterfaceDraft draft_of(const InterfaceConfig& interface) {
  InterfaceDraft draft{.igmp = interface.ipv4.has_value()};
  if (interface.ipv6) {
    draft.mld = interface.ipv6->version;
    draft.settings = *interface.ipv6;
    draft.settings.version = core::Settings{}.version;
  }
  if (interface.ipv4) draft.settings = *interface.ipv4;
  return draft;
}

InterfaceConfig config_of(const std::string& name, const InterfaceDraft& draft) {
  InterfaceConfig interface;
  interface.name = name;
  if (draft.igmp) interface.ipv4 = draft.settings;
  if (draft.mld) {
    interface.ipv6 = draft.settings;
    interface.ipv6->version = *draft.mld;
    interface.ipv6->source.reset();
  }
  return interface;
}

const Option* find_option(std::string_view name) {
  if (name.empty()) return nullptr;
  const auto known = options();
  const auto found = std::find_if(known.begin(), known.end(), [name](const Option& option) {
    return name == option.key || name == option.flag || name == option.variable;
  });
  return found == known.end() ? nullptr : &*found;
}

const Option& config_file_option() {
  const Option* const option = find_option("--config");
  CHECK(option != nullptr);
  return *option;
}

}  // namespace querent::config
