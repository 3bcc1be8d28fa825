#include "app/options.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <fmt/core.h>
#include <optional>
#include <utility>

#include "app/values.hpp"
#include "base/address.hpp"
#include "base/check.hpp"

namespace querent::app {

namespace {

using core::Bounds;
using core::Settings;
using wire::Version;

constexpr std::string_view kAuto = "auto";

std::string show(std::integral auto number) {
  return fmt::format("{}", number);
}
std::string show(double number) {
  return fmt::format("{}", number);
}
std::string show(bool is_on) {
  return is_on ? "true" : "false";
}
std::string show(Duration duration) {
  return to_text(duration);
}
std::string show(const std::optional<Duration>& duration) {
  return duration ? to_text(*duration) : std::string(kAuto);
}

template <auto Member>
std::string show_setting(const InterfaceDraft& draft) {
  return show(draft.settings.*Member);
}

template <std::size_t Bounds::*Member>
std::string show_bound(const InterfaceDraft& draft) {
  return show(draft.settings.bounds.*Member);
}

template <class Number>
bool set_within(std::string_view text, Number& into, std::pair<Number, Number> range) {
  const auto number = parse_number<Number>(text);
  if (!number || !(*number >= range.first && *number <= range.second)) return false;
  into = *number;
  return true;
}

template <int Settings::*Member, int Least, int Most>
bool set_count(std::string_view text, InterfaceDraft& draft) {
  return set_within(text, draft.settings.*Member, {Least, Most});
}

template <std::size_t Bounds::*Member>
bool set_bound(std::string_view text, InterfaceDraft& draft) {
  return set_within<std::size_t>(text, draft.settings.bounds.*Member, {1, 10'000'000});
}

bool set_jitter(std::string_view text, InterfaceDraft& draft) {
  return set_within(text, draft.settings.jitter, {0.0, 0.9});
}

template <bool Settings::*Member>
bool set_switch(std::string_view text, InterfaceDraft& draft) {
  const auto is_on = parse_switch(text);
  if (is_on) draft.settings.*Member = *is_on;
  return is_on.has_value();
}

// A member that is optional may also be automatic.
template <auto Member, int LeastMilliseconds, std::int64_t MostMilliseconds>
bool set_duration(std::string_view text, InterfaceDraft& draft) {
  auto& into = draft.settings.*Member;
  if constexpr (!std::same_as<std::remove_reference_t<decltype(into)>, Duration>) {
    if (text == kAuto) {
      into.reset();
      return true;
    }
  }
  const auto duration = parse_duration(text);
  if (!duration || *duration < std::chrono::milliseconds(LeastMilliseconds) ||
      *duration > std::chrono::milliseconds(MostMilliseconds)) {
    return false;
  }
  into = *duration;
  return true;
}

constexpr std::int64_t kMostInterval = 31'744'000;                 // QQIC: RFC 9776 4.1.7
constexpr std::int64_t kMostResponse = 3'174'400;                  // RFC 9776 4.1.1
constexpr std::int64_t kMostLastMember = 25'500;                   // RFC 2236 2.2
constexpr std::int64_t kYear = std::int64_t{365} * 24 * 3600'000;  // core::Settings

bool set_igmp_version(std::string_view text, InterfaceDraft& draft) {
  const auto number = parse_number<int>(text);
  if (text == "off") {
    draft.igmp = false;
    return true;
  }
  if (!number || *number < 1 || *number > 3) return false;
  draft.igmp = true;
  draft.settings.version = static_cast<Version>(*number);
  return true;
}

std::string show_igmp_version(const InterfaceDraft& draft) {
  return draft.igmp ? show(number(draft.settings.version, Family::kIPv4)) : "off";
}

bool set_mld_version(std::string_view text, InterfaceDraft& draft) {
  const auto number = parse_number<int>(text);
  if (text == "off") {
    draft.mld.reset();
    return true;
  }
  if (!number || *number < 1 || *number > 2) return false;
  draft.mld = static_cast<Version>(*number + 1);  // in IGMP's numbering
  return true;
}

std::string show_mld_version(const InterfaceDraft& draft) {
  return draft.mld ? show(number(*draft.mld, Family::kIPv6)) : "off";
}

// 0/8, 127/8 and 240/4 are no host's (RFC 1122 3.2.1.3).
bool may_be_a_source(Address address) {
  if (address.is_unspecified()) return true;
  const std::uint32_t first = address.v4_bits() >> 24U;
  return first != 0 && first < 0xF0 && !address.is_loopback() && !address.is_multicast();
}

bool set_source(std::string_view text, InterfaceDraft& draft) {
  const bool is_v6 = text.find(':') != std::string_view::npos;
  const auto address = is_v6 ? std::nullopt : Address::parse(text);
  if (text != kAuto && (!address || !may_be_a_source(*address))) return false;
  draft.settings.source = address;
  return true;
}

std::string show_source(const InterfaceDraft& draft) {
  const auto& source = draft.settings.source;
  return source ? source->to_string() : std::string(kAuto);
}

constexpr std::array<std::string_view, 5> kLevels{"trace", "debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 2> kFormats{"text", "json"};

template <class Enum, std::size_t N>
bool set_word(std::string_view text, Enum& into, const std::array<std::string_view, N>& words) {
  const auto* const word = std::find(words.begin(), words.end(), text);
  if (word == words.end()) return false;
  into = static_cast<Enum>(word - words.begin());
  return true;
}

bool set_level(std::string_view text, Config& config) {
  return set_word(text, config.log.level, kLevels);
}

std::string show_level(const Config& config) {
  return std::string(kLevels.at(static_cast<std::size_t>(config.log.level)));
}

bool set_format(std::string_view text, Config& config) {
  return set_word(text, config.log.format, kFormats);
}

std::string show_format(const Config& config) {
  return std::string(kFormats.at(static_cast<std::size_t>(config.log.format)));
}

bool set_user(std::string_view text, Config& config) {
  constexpr std::size_t kLongest = 64;
  const auto may_be_in_it = [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != 0x7F && c != ':' && c != '/' && c != ',';
  };
  if (text.empty() || text.size() > kLongest || text.starts_with('-')) return false;
  if (!std::all_of(text.begin(), text.end(), may_be_in_it)) return false;
  config.user = text;
  return true;
}

bool set_no_sandbox(std::string_view text, Config& config) {
  const auto is_on = parse_switch(text);
  if (is_on) config.sandbox = !*is_on;
  return is_on.has_value();
}

constexpr std::string_view kInterfaces = "Interfaces";
constexpr std::string_view kQueries = "Queries";
constexpr std::string_view kElection = "Election";
constexpr std::string_view kLimits = "Limits of each interface";
constexpr std::string_view kProcess = "The process";

constexpr std::string_view kOnOrOff = "true or false";
constexpr std::string_view kBound = "a number from 1 to 10000000";

constexpr auto kOptions = std::to_array<Option>({
    {.key = "name",
     .flag = "--interface",
     .letter = 'i',
     .variable = "QUERENT_INTERFACE",
     .scope = Scope::kInterfaceName,
     .placeholder = "IF",
     .by_default = "(none)",
     .allowed = "the name of an interface (at most 15 characters, no blank, '/', ':' or "
                "','), a pattern of names (eth0.*) or auto",
     .group = kInterfaces,
     .help = "where to be querier: a name, a pattern (eth0.*), or auto, the interface of the "
             "default route; repeat it for more (in the environment: commas between them)"},
    {.flag = "--config",
     .letter = 'c',
     .variable = "QUERENT_CONFIG",
     .scope = Scope::kConfigFile,
     .placeholder = "FILE",
     .by_default = "(/etc/querent/querent.toml, if it exists and no flag or variable names an "
                   "interface)",
     .allowed = "the name of a file",
     .group = kInterfaces,
     .help = "the configuration file"},
    {.key = "igmp_version",
     .flag = "--igmp-version",
     .variable = "QUERENT_IGMP_VERSION",
     .kind = Kind::kVersion,
     .placeholder = "V",
     .by_default = "2",
     .allowed = "1, 2, 3 or off",
     .group = kQueries,
     .help = "the version of the queries for IPv4",
     .set_interface = &set_igmp_version,
     .show_interface = &show_igmp_version},
    {.key = "mld_version",
     .flag = "--mld-version",
     .variable = "QUERENT_MLD_VERSION",
     .kind = Kind::kVersion,
     .placeholder = "V",
     .by_default = "off",
     .allowed = "1, 2 or off",
     .group = kQueries,
     .help = "the version of the queries for IPv6; off, because once somebody asks, switches "
             "filter IPv6, too",
     .set_interface = &set_mld_version,
     .show_interface = &show_mld_version},
    {.key = "query_interval",
     .flag = "--query-interval",
     .letter = 'q',
     .variable = "QUERENT_QUERY_INTERVAL",
     .kind = Kind::kDuration,
     .placeholder = "D",
     .by_default = "60s",
     .allowed = "a duration from 100ms to 31744s",
     .group = kQueries,
     .help = "how often to ask",
     .set_interface = &set_duration<&Settings::query_interval, 100, kMostInterval>,
     .show_interface = &show_setting<&Settings::query_interval>},
    {.key = "max_response",
     .flag = "--max-response",
     .variable = "QUERENT_MAX_RESPONSE",
     .kind = Kind::kDuration,
     .placeholder = "D",
     .by_default = "auto",
     .allowed = "auto, or a duration from 100ms to 25.5s (MLDv1: 65.535s, IGMPv3 and MLDv2: "
                "3174.4s) and below the query interval",
     .group = kQueries,
     .help = "how long hosts may take to answer; auto: 10s, or a quarter of a query interval "
             "below 40s",
     .set_interface = &set_duration<&Settings::max_response, 100, kMostResponse>,
     .show_interface = &show_setting<&Settings::max_response>},
    {.key = "robustness",
     .flag = "--robustness",
     .variable = "QUERENT_ROBUSTNESS",
     .kind = Kind::kCount,
     .placeholder = "N",
     .by_default = "2",
     .allowed = "a number from 1 to 7",
     .group = kQueries,
     .help = "how often a packet may be repeated against loss",
     .set_interface = &set_count<&Settings::robustness, 1, 7>,
     .show_interface = &show_setting<&Settings::robustness>},
    {.key = "startup_count",
     .flag = "--startup-count",
     .variable = "QUERENT_STARTUP_COUNT",
     .kind = Kind::kCount,
     .placeholder = "N",
     .by_default = "3",
     .allowed = "a number from 1 to 100",
     .group = kQueries,
     .help = "how many queries to start with",
     .set_interface = &set_count<&Settings::startup_count, 1, 100>,
     .show_interface = &show_setting<&Settings::startup_count>},
    {.key = "startup_interval",
     .flag = "--startup-interval",
     .variable = "QUERENT_STARTUP_INTERVAL",
     .kind = Kind::kDuration,
     .placeholder = "D",
     .by_default = "auto",
     .allowed = "auto, or a duration from 10ms to 31744s",
     .group = kQueries,
     .help = "the time between those; auto: 5s, or a quarter of a query interval below 20s",
     .set_interface = &set_duration<&Settings::startup_interval, 10, kMostInterval>,
     .show_interface = &show_setting<&Settings::startup_interval>},
    {.key = "jitter",
     .flag = "--jitter",
     .variable = "QUERENT_JITTER",
     .kind = Kind::kFraction,
     .placeholder = "F",
     .by_default = "0.25",
     .allowed = "a number from 0 to 0.9",
     .group = kQueries,
     .help = "the part of the query interval by which a query may come early, at random",
     .set_interface = &set_jitter,
     .show_interface = &show_setting<&Settings::jitter>},
    {.key = "last_member_interval",
     .flag = "--last-member-interval",
     .variable = "QUERENT_LAST_MEMBER_INTERVAL",
     .kind = Kind::kDuration,
     .placeholder = "D",
     .by_default = "1s",
     .allowed = "a duration from 100ms to 25.5s",
     .group = kQueries,
     .help = "how long the others of a group may take to answer when a member leaves",
     .set_interface = &set_duration<&Settings::last_member_interval, 100, kMostLastMember>,
     .show_interface = &show_setting<&Settings::last_member_interval>},
    {.key = "timeout",
     .flag = "--timeout",
     .letter = 't',
     .variable = "QUERENT_TIMEOUT",
     .kind = Kind::kDuration,
     .placeholder = "D",
     .by_default = "auto",
     .allowed = "auto, or a duration from 100ms to 8760h",
     .group = kElection,
     .help = "how long another querier may be silent before its place is taken; auto: what it "
             "announces, or what its rhythm shows",
     .set_interface = &set_duration<&Settings::timeout, 100, kYear>,
     .show_interface = &show_setting<&Settings::timeout>},
    {.key = "source",
     .flag = "--source",
     .variable = "QUERENT_SOURCE",
     .placeholder = "ADDR",
     .by_default = "auto",
     .allowed = "auto, an IPv4 address of the interface, or 0.0.0.0",
     .group = kElection,
     .help = "the IPv4 address to ask from; auto: the interface's lowest; 0.0.0.0: proxy queries, "
             "which give way to every other querier",
     .set_interface = &set_source,
     .show_interface = &show_source},
    {.key = "passive",
     .flag = "--passive",
     .variable = "QUERENT_PASSIVE",
     .kind = Kind::kSwitch,
     .by_default = "false",
     .allowed = kOnOrOff,
     .group = kElection,
     .help = "listen only, never send",
     .set_interface = &set_switch<&Settings::passive>,
     .show_interface = &show_setting<&Settings::passive>},
    {.key = "accept_off_subnet",
     .flag = "--accept-off-subnet",
     .variable = "QUERENT_ACCEPT_OFF_SUBNET",
     .kind = Kind::kSwitch,
     .by_default = "false",
     .allowed = kOnOrOff,
     .group = kElection,
     .help = "queries from outside the subnets of the interface count, too",
     .set_interface = &set_switch<&Settings::accept_off_subnet>,
     .show_interface = &show_setting<&Settings::accept_off_subnet>},
    {.key = "require_router_alert",
     .flag = "--require-router-alert",
     .variable = "QUERENT_REQUIRE_ROUTER_ALERT",
     .kind = Kind::kSwitch,
     .by_default = "false",
     .allowed = kOnOrOff,
     .group = kElection,
     .help = "queries without the IP option Router Alert do not count",
     .set_interface = &set_switch<&Settings::require_router_alert>,
     .show_interface = &show_setting<&Settings::require_router_alert>},
    {.key = "follow_older_version",
     .flag = "--follow-older-version",
     .variable = "QUERENT_FOLLOW_OLDER_VERSION",
     .kind = Kind::kSwitch,
     .by_default = "false",
     .allowed = kOnOrOff,
     .group = kElection,
     .help = "where somebody asks in an older version, ask in that one",
     .set_interface = &set_switch<&Settings::follow_older_version>,
     .show_interface = &show_setting<&Settings::follow_older_version>},
    {.key = "max_groups",
     .flag = "--max-groups",
     .variable = "QUERENT_MAX_GROUPS",
     .kind = Kind::kCount,
     .placeholder = "N",
     .by_default = "65536",
     .allowed = kBound,
     .group = kLimits,
     .help = "the groups to remember; more are refused and counted",
     .set_interface = &set_bound<&Bounds::groups>,
     .show_interface = &show_bound<&Bounds::groups>},
    {.key = "max_sources",
     .flag = "--max-sources",
     .variable = "QUERENT_MAX_SOURCES",
     .kind = Kind::kCount,
     .placeholder = "N",
     .by_default = "262144",
     .allowed = kBound,
     .group = kLimits,
     .help = "the sources, over all groups",
     .set_interface = &set_bound<&Bounds::sources>,
     .show_interface = &show_bound<&Bounds::sources>},
    {.key = "max_hosts",
     .flag = "--max-hosts",
     .variable = "QUERENT_MAX_HOSTS",
     .kind = Kind::kCount,
     .placeholder = "N",
     .by_default = "262144",
     .allowed = kBound,
     .group = kLimits,
     .help = "the reporting hosts, over all groups",
     .set_interface = &set_bound<&Bounds::hosts>,
     .show_interface = &show_bound<&Bounds::hosts>},
    {.key = "log.level",
     .flag = "--log.level",
     .variable = "QUERENT_LOG_LEVEL",
     .scope = Scope::kProcess,
     .placeholder = "LEVEL",
     .by_default = "info",
     .allowed = "trace, debug, info, warn or error",
     .group = kProcess,
     .help = "the least that is worth a line",
     .shorthand = {"-v,--verbose", "debug"},
     .set_process = &set_level,
     .show_process = &show_level},
    {.key = "log.format",
     .flag = "--log.format",
     .variable = "QUERENT_LOG_FORMAT",
     .scope = Scope::kProcess,
     .placeholder = "FORMAT",
     .by_default = "text",
     .allowed = "text or json",
     .group = kProcess,
     .help = "how the log is written",
     .set_process = &set_format,
     .show_process = &show_format},
    {.key = "user",
     .flag = "--user-name",
     .variable = "QUERENT_USER_NAME",
     .scope = Scope::kProcess,
     .placeholder = "NAME",
     .by_default = "(nobody, when started as root with the power to change)",
     .allowed = "the name of a user",
     .group = kProcess,
     .help = "who to become",
     .set_process = &set_user,
     .show_process = [](const Config& config) { return config.user.value_or(""); }},
    {.flag = "--no-sandbox",
     .kind = Kind::kSwitch,
     .scope = Scope::kProcess,
     .by_default = "false",
     .allowed = kOnOrOff,
     .group = kProcess,
     .help = "no seccomp filter (for debuggers)",
     .set_process = &set_no_sandbox,
     .show_process = [](const Config& config) { return show(!config.sandbox); }},
});

}  // namespace

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

std::span<const Option> options() {
  return kOptions;
}

const Option* find_option(std::string_view name) {
  const auto* const found =
      std::find_if(kOptions.begin(), kOptions.end(), [name](const Option& option) {
        return !name.empty() &&
               (name == option.key || name == option.flag || name == option.variable);
      });
  return found == kOptions.end() ? nullptr : found;
}

const Option& config_file_option() {
  const Option* const option = find_option("--config");
  CHECK(option != nullptr);
  return *option;
}

}  // namespace querent::app
