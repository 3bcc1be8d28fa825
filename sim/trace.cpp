#include "sim/trace.hpp"

#include <array>
#include <cstdio>
#include <string_view>
#include <variant>

#include "base/overloaded.hpp"
#include "base/random.hpp"

namespace querent::sim {

namespace {

std::string seconds_of(Duration duration) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f s",
                std::chrono::duration<double>(duration).count());
  return text.data();
}

std::string version_of(Version version, Family family) {
  return "v" + std::to_string(number(version, family));
}

std::string sources_of(const std::vector<Address>& sources) {
  std::string text;
  for (const Address source : sources)
    text += (text.empty() ? " {" : " ") + source.to_string();
  return text.empty() ? text : text + "}";
}

// As RFC 9776 4.2.13 names them.
std::string_view name_of(RecordType type) {
  constexpr std::array<std::string_view, 6> kNames{"IS_IN", "IS_EX", "TO_IN",
                                                   "TO_EX", "ALLOW", "BLOCK"};
  return kNames[static_cast<std::size_t>(type) - 1];
}

std::string describe_query(const Query& query) {
  if (query.is_general()) return version_of(query.version, query.group.family()) + " general query";
  auto text =
      version_of(query.version, query.group.family()) + " query for " + query.group.to_string();
  text += sources_of(query.sources);
  return text + (query.suppress ? " (S)" : "");
}

std::string describe_report(const Report& report, Family family) {
  std::string text = version_of(report.version, family) + " report of";
  for (const auto& record : report.records) {
    text += " " + record.group.to_string();
    if (report.version != Version::k3) continue;
    text += " " + std::string(name_of(record.type)) + sources_of(record.sources);
  }
  return text;
}

struct ActionWords {
  std::string operator()(const core::SendQuery& send) const {
    return "sends " + describe_query(send.query);
  }
  std::string operator()(const core::RoleChanged& changed) const {
    return "is " + std::string(core::name(changed.to)) + ", was " +
           std::string(core::name(changed.from)) + " for " + seconds_of(changed.held);
  }
  std::string operator()(const core::SourceChanged& changed) const {
    return changed.to ? "speaks as " + changed.to->to_string() : "has no address to speak from";
  }
  std::string operator()(const core::QuerierElected& elected) const {
    return "follows " + elected.address.to_string() + " (" +
           version_of(elected.version, elected.address.family()) + ")";
  }
  std::string operator()(const core::QuerierVanished& vanished) const {
    return "misses " + vanished.address.to_string() + ", silent for " +
           seconds_of(vanished.silent_for);
  }
  std::string operator()(const core::TimeoutTooShort& warning) const {
    return "waits only " + seconds_of(warning.timeout) + " for " + warning.querier.to_string() +
           ", which asks every " + seconds_of(warning.interval);
  }
  std::string operator()(const core::QueryHeard& heard) const {
    return "hears a " + describe_query(heard.query) + " from " + heard.source.to_string();
  }
  std::string operator()(const core::QueryRejected& rejected) const {
    return "rejects a query from " + rejected.source.to_string() + ": " +
           std::string(core::name(rejected.reason));
  }
  std::string operator()(const core::ReportRejected& rejected) const {
    return "rejects a report from " + rejected.source.to_string() + ": " +
           std::string(core::name(rejected.reason));
  }
  std::string operator()(const core::AddressConflict& conflict) const {
    return "sees its address " + conflict.address.to_string() + " at " + conflict.mac.to_string();
  }
  std::string operator()(const core::LoopDetected& /*loop*/) const { return "sees a loop"; }
  std::string operator()(const core::VersionMismatch& mismatch) const {
    return "hears an older version, " + version_of(mismatch.version, mismatch.source.family()) +
           ", from " + mismatch.source.to_string();
  }
  std::string operator()(const core::Slept& slept) const {
    return "slept and starts anew after " + seconds_of(slept.silent_for);
  }
  std::string operator()(const core::GroupChanged& changed) const {
    const auto& record = changed.record;
    if (changed.change == core::GroupChanged::Change::kRemoved)
      return "forgets " + record.group.to_string();
    const bool excludes = record.mode == core::FilterMode::kExclude;
    return "knows " + record.group.to_string() + (excludes ? " EXCLUDE" : " INCLUDE") +
           sources_of(record.sources);
  }
  std::string operator()(const core::Refused& refused) const {
    constexpr std::array<std::string_view, core::Refused::kWhats> kWhats{"group", "source", "host"};
    return "has no room for a " + std::string(kWhats[static_cast<std::size_t>(refused.what)]) +
           " of " + refused.group.to_string();
  }
};

struct HappeningWords {
  std::string operator()(const Crash& crash) const { return "crash of " + node(crash.node); }
  std::string operator()(const Return& back) const { return "start of " + node(back.node); }
  std::string operator()(const Unplug& unplug) const {
    return "no carrier at " + node(unplug.node);
  }
  std::string operator()(const PlugIn& plug) const { return "carrier at " + node(plug.node); }
  std::string operator()(const ChangeAddress& change) const {
    return "new address of " + node(change.node) + ": " + change.address.to_string();
  }
  std::string operator()(const Sleep& sleep) const {
    return node(sleep.node) + " sleeps for " + seconds_of(sleep.length);
  }
  std::string operator()(const SetTrunk& trunk) const {
    return "trunk " + std::to_string(trunk.trunk) + (trunk.whole ? " heals" : " is cut");
  }
  std::string operator()(const Forge& forge) const {
    return std::string(forge.frame->forged ? "forged " : "stray ") + describe(*forge.frame);
  }
  std::string operator()(const ChangeWish& change) const {
    return node(change.host) + (change.wish.is_member() ? " wants " : " gives up ") +
           change.group.to_string();
  }
  std::string operator()(const SendData& /*data*/) const { return {}; }

  static std::string node(NodeId id) { return "node " + std::to_string(id); }
};

}  // namespace

std::string describe(const Frame& frame) {
  if (frame.data) return "datagram " + std::to_string(frame.data->number);
  if (!frame.message) return "garbage: " + std::string(wire::name(frame.message.error()));
  const Address source = frame.message->source;
  const std::string from = " from " + source.to_string();
  return std::visit(
      Overloaded{
          [&](const Query& query) { return describe_query(query) + from; },
          [&](const Report& report) { return describe_report(report, source.family()) + from; },
          [](const Leave& leave) { return "leave of " + leave.group.to_string(); }},
      frame.message->message);
}

std::string describe(const core::Action& action) {
  return std::visit(ActionWords{}, action);
}

std::string describe(const Happening& what) {
  return std::visit(HappeningWords{}, what);
}

void Trace::acted(Instant now, NodeId node, Address address, const core::Action& action) {
  fold(static_cast<std::uint64_t>(now.time_since_epoch().count()));
  fold((node << 8U) | action.index());
  if (is_heard()) {
    say(now, "q" + std::to_string(node) + " " + address.to_string() + " " + describe(action));
  }
}

void Trace::sent(Instant now, NodeId node, const Frame& frame) {
  fold(static_cast<std::uint64_t>(now.time_since_epoch().count()));
  for (const auto octet : frame.packet)
    fold(octet);
  const bool told_by_its_action = frame.get<Query>() != nullptr;
  if (is_heard() && !frame.data && !told_by_its_action) {
    say(now, "node " + std::to_string(node) + " sends " + describe(frame));
  }
}

void Trace::happened(Instant now, const Happening& what) {
  if (!is_heard()) return;
  const std::string words = describe(what);
  if (!words.empty()) say(now, "-- " + words);
}

void Trace::say(Instant now, const std::string& text) {
  if (!is_heard()) return;
  std::array<char, 32> stamp{};
  std::snprintf(stamp.data(), stamp.size(), "%10.3f  ",
                std::chrono::duration<double>(now - kStart).count());
  listener_(stamp.data() + text);
}

void Trace::fold(std::uint64_t value) {
  fingerprint_ = Random::mixed(fingerprint_ + value + 1);
}

}  // namespace querent::sim
