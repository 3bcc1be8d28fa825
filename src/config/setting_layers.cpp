#include "config/setting_layers.hpp"

#include <chrono>
#include <fmt/core.h>
#include <string>

#include "base/duration.hpp"
#include "base/text.hpp"

namespace querent::config {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kMostIgmpResponse = milliseconds(25500);  // one octet of 100 ms: RFC 2236 2.2
constexpr Duration kMostMldResponse = milliseconds(65535);   // 16 bits of 1 ms: RFC 2710 3.4
constexpr Duration kSnoopingTimeout = seconds(260);          // what most switches forget after

void check_max_response(const SettingLayers& layers, Complaints& errors) {
  const auto& settings = layers.draft().settings;
  if (!settings.max_response || layers.is_in_doubt("max_response")) return;
  const std::string said = in_quotes(duration_text(*settings.max_response));
  const std::string what(layers.origin("max_response"));
  if (!layers.is_in_doubt("query_interval") && *settings.max_response >= settings.query_interval) {
    errors.push_back({what,
                      fmt::format("{} is not below the query interval, {}", said,
                                  duration_text(settings.query_interval)),
                      "lower it, or raise query_interval"});
  }
  if (!layers.is_in_doubt("igmp_version") && layers.draft().igmp &&
      settings.version != Version::k3 && *settings.max_response > kMostIgmpResponse) {
    errors.push_back({what, fmt::format("{} is above 25.5s, the most that IGMPv2 can say", said),
                      "lower it, or use igmp_version 3"});
  }
  if (layers.draft().mld == Version::k2 && *settings.max_response > kMostMldResponse) {
    errors.push_back({what, fmt::format("{} is above 65.535s, the most that MLDv1 can say", said),
                      "lower it, or use mld_version 2"});
  }
}

void warn_of_intervals(const SettingLayers& layers, Complaints& warnings) {
  const auto& settings = layers.draft().settings;
  if (layers.is_in_doubt("query_interval")) return;
  const Duration interval = settings.query_interval;
  const std::string what(layers.origin("query_interval"));
  if (interval > kSnoopingTimeout / 2) {
    warnings.push_back({what,
                        fmt::format("{} is more than half of the 260s after which most switches "
                                    "forget members: one lost query can stop a stream",
                                    in_quotes(duration_text(interval))),
                        "130s or less is safe"});
  }
  const bool announces_v3 = layers.draft().igmp && settings.version == Version::k3;
  if (interval < seconds(1) && (announces_v3 || layers.draft().mld == Version::k3)) {
    warnings.push_back(
        {what,
         fmt::format("{} cannot be announced by {}: other queriers will assume "
                     "their own",
                     in_quotes(duration_text(interval)), announces_v3 ? "IGMPv3" : "MLDv2"),
         "1s or more can"});
  }
  if (settings.timeout && !layers.is_in_doubt("timeout") && *settings.timeout < 2 * interval) {
    warnings.push_back(
        {std::string(layers.origin("timeout")),
         fmt::format("{} is less than two query intervals of {}: one lost query of "
                     "another querier starts an election",
                     in_quotes(duration_text(*settings.timeout)), duration_text(interval)),
         "auto suits every querier"});
  }
  if (settings.startup_interval && !layers.is_in_doubt("startup_interval") &&
      *settings.startup_interval > interval) {
    warnings.push_back(
        {std::string(layers.origin("startup_interval")),
         fmt::format("{} is more than the query interval, {}: the start is slower "
                     "than what follows",
                     in_quotes(duration_text(*settings.startup_interval)), duration_text(interval)),
         {}});
  }
}

void warn_of_choices(const SettingLayers& layers, Complaints& warnings) {
  const auto& settings = layers.draft().settings;
  if (settings.passive && settings.source && !layers.is_in_doubt("source")) {
    warnings.push_back({std::string(layers.origin("source")),
                        fmt::format("{} is not used: a passive interface sends nothing",
                                    in_quotes(settings.source->to_string())),
                        {}});
  }
  if (layers.draft().mld && settings.source == Address::v4(0) && !layers.is_in_doubt("source")) {
    warnings.push_back(
        {std::string(layers.origin("source")),
         "MLD has no proxy queries: for IPv6 this interface asks, and wins elections, "
         "like any querier",
         "mld_version off leaves IPv6 alone"});
  }
  if (!layers.draft().igmp && settings.source && !layers.is_in_doubt("source")) {
    warnings.push_back({std::string(layers.origin("source")),
                        fmt::format("{} is not used: igmp_version is off, and MLD asks from the "
                                    "link-local address",
                                    in_quotes(settings.source->to_string())),
                        {}});
  }
  if (settings.robustness == 1 && !layers.is_in_doubt("robustness")) {
    warnings.push_back({std::string(layers.origin("robustness")),
                        "\"1\" means that one lost packet stops a stream", "2 is the default"});
  }
}

}  // namespace

void SettingLayers::add(const SettingList& settings) {
  for (const Setting& setting : settings) {
    if (setting.option->set_interface == nullptr) continue;
    said_[setting.option] = &setting;
    if (setting.option->set_interface(setting.text, draft_)) {
      in_doubt_.erase(setting.option);
    } else {
      in_doubt_.insert(setting.option);
    }
  }
}

std::string_view SettingLayers::origin(std::string_view key) const {
  const auto said = said_.find(find_option(key));
  return said == said_.end() ? key : std::string_view(said->second->origin);
}

Complaint not_allowed(const Setting& setting) {
  const auto advise = setting.option->advise;
  return {setting.origin,
          fmt::format("{} is not {}", in_quotes(setting.text), setting.option->allowed),
          advise == nullptr ? std::string() : advise(setting.text)};
}

void check_together(const SettingLayers& layers, Complaints& errors, Complaints& warnings) {
  if (!layers.draft().igmp && !layers.draft().mld) {
    if (layers.is_in_doubt("mld_version")) return;
    errors.push_back({std::string(layers.origin("igmp_version")), "\"off\" leaves nothing to do",
                      "say 1, 2 or 3, or mld_version 1 or 2, or leave the interface out"});
    return;
  }
  check_max_response(layers, errors);
  warn_of_intervals(layers, warnings);
  warn_of_choices(layers, warnings);
}

}  // namespace querent::config
