#include "app/narrate.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <optional>
#include <utility>
#include <variant>

#include "base/duration.hpp"
#include "base/overloaded.hpp"
#include "base/text.hpp"
#include "observe/state.hpp"

namespace querent::app {

namespace {

using core::Role;

std::string_view role_words(Role role) {
  return observe::words(observe::state_of(role));
}

std::string_view label(core::Refused::What what) {
  switch (what) {
    case core::Refused::What::kGroup:
      return "group";
    case core::Refused::What::kSource:
      return "source";
    case core::Refused::What::kHost:
      return "host";
  }
  std::abort();
}

class Narrator {
 public:
  Narrator(const Subject& subject, const core::SegmentView& view, const observe::GroupNames& names)
      : subject_(subject), view_(view), names_(names) {}

  // What the other lines of this step lean on.
  void gather(const core::Action& action) {
    std::visit(Overloaded{[this](const core::RoleChanged& role) { role_ = &role; },
                          [this](const core::QuerierElected& elected) { elected_ = &elected; },
                          [this](const core::QuerierVanished& gone) { vanished_ = &gone; },
                          [](const auto& /*explains no other line*/) {}},
               action);
  }

  void tell(const core::SendQuery& sent) {
    if (!subject_.in_detail) return;
    const auto& query = sent.query;
    add(config::LogLevel::kDebug, "query_sent",
        query.is_general()
            ? fmt::format("general query sent (v{})", number(query))
            : fmt::format("query for {} sent (v{}, {} sources)", query.group.to_string(),
                          number(query), query.sources.size()));
  }

  void tell(const core::RoleChanged& changed) {
    if (changed.to == Role::kDown) return;  // the interface's own line says why
    if (changed.to == Role::kNonQuerier && elected_ != nullptr) {
      add(config::LogLevel::kInfo, "election_lost",
          fmt::format("election lost to {}{}", querier(*elected_), before(changed)));
    } else if (changed.to == Role::kQuerier && vanished_ != nullptr) {
      add(config::LogLevel::kInfo, "election_won",
          fmt::format("election won: nothing from {} for {}{}", vanished_->address.to_string(),
                      in_words(vanished_->silent_for), before(changed)));
    } else if (changed.to == Role::kQuerier) {
      add(config::LogLevel::kInfo, "querier",
          fmt::format("querier as {}, asks every {} (v{})", source(),
                      in_words(view_.values.query_interval),
                      querent::number(view_.version, subject_.family)));
    } else if (changed.to == Role::kNoAddress) {
      tell_no_address();
    } else {
      add(config::LogLevel::kInfo, core::name(changed.to), std::string(role_words(changed.to)));
    }
  }

  void tell_no_address() {
    if (view_.wanted_source) {
      add(config::LogLevel::kWarn, "no_address",
          fmt::format("has no address {}: listening until it has",
                      view_.wanted_source->to_string()));
    } else if (subject_.family == Family::kIPv6) {
      // Usual for a second or two, while the kernel looks for duplicates.
      add(config::LogLevel::kInfo, "no_address",
          "no link-local address to ask from, none that is known to be its own: listening until "
          "there is one");
    } else {
      add(config::LogLevel::kWarn, "no_address",
          "no address to ask from: listening until there is one");
    }
  }

  void tell(const core::SourceChanged& changed) {
    if (!changed.from) return;
    add(config::LogLevel::kInfo, "source_changed",
        fmt::format("source address was {}, is {}; the election starts anew",
                    changed.from->to_string(), changed.to ? changed.to->to_string() : "none"));
  }

  void tell(const core::QuerierElected& elected) {
    if (role_ != nullptr && role_->to == Role::kNonQuerier) return;  // told with the role
    // Addresses that count down, each a new querier, would fill a log.
    add(config::LogLevel::kInfo, "querier_elected", fmt::format("querier is {}", querier(elected)));
    lines_.back().repeats = true;
  }

  void tell(const core::QuerierVanished& vanished) {
    if (role_ != nullptr && role_->to == Role::kQuerier) return;  // told with the role
    add(config::LogLevel::kWarn, "querier_vanished",
        fmt::format("querier {} fell silent {} ago; nobody asks", vanished.address.to_string(),
                    in_words(vanished.silent_for)));
  }

  void tell(const core::TimeoutTooShort& shorter) {
    add(config::LogLevel::kWarn, "timeout_too_short",
        fmt::format("{} asks every {}: with a timeout of {} one lost query ends its reign",
                    shorter.querier.to_string(), in_words(shorter.interval),
                    in_words(shorter.timeout)));
  }

  void tell(const core::QueryHeard& heard) {
    if (!subject_.in_detail) return;
    const auto sender = spelled(heard.source, heard.mac);
    add(config::LogLevel::kDebug, "query_heard",
        heard.query.is_general()
            ? fmt::format("general query heard from {} (v{})", sender, number(heard.query))
            : fmt::format("query for {} heard from {} (v{}, {} sources)",
                          heard.query.group.to_string(), sender, number(heard.query),
                          heard.query.sources.size()));
  }

  void tell(const core::QueryRejected& rejected) {
    add_repeating("query_rejected", core::name(rejected.reason),
                  fmt::format("query from {} rejected: {}", spelled(rejected.source, rejected.mac),
                              core::name(rejected.reason)));
  }

  void tell(const core::ReportRejected& rejected) {
    add_repeating("report_rejected", core::name(rejected.reason),
                  fmt::format("report from {} rejected: {}", spelled(rejected.source, rejected.mac),
                              core::name(rejected.reason)));
    // Hosts that have no address yet say so (RFC 3590 4); that is nobody's fault.
    if (rejected.reason == core::Rejection::kSourceUnspecified)
      lines_.back().level = config::LogLevel::kDebug;
  }

  void tell(const core::AddressConflict& conflict) {
    add(config::LogLevel::kError, "address_conflict",
        fmt::format("address conflict: {} is also used by {}", conflict.address.to_string(),
                    conflict.mac.to_string()));
  }

  void tell(const core::LoopDetected& /*loop*/) {
    add(config::LogLevel::kError, "loop_detected",
        "our own query came back: the network has a loop");
  }

  void tell(const core::VersionMismatch& mismatch) {
    add(config::LogLevel::kWarn, "version_mismatch",
        fmt::format("{} asks in v{}, we in v{}: configure the same version everywhere",
                    mismatch.source.to_string(), querent::number(mismatch.version, subject_.family),
                    querent::number(mismatch.ours, subject_.family)));
  }

  void tell(const core::Slept& slept) {
    add(config::LogLevel::kWarn, "slept",
        fmt::format("slept through {}: starts anew", in_words(slept.silent_for)));
  }

  void tell(const core::GroupChanged& changed) {
    if (!subject_.in_detail) return;
    using Change = core::GroupChanged::Change;
    const auto& record = changed.record;
    const auto group = with_name(record.group);
    const bool is_include = record.mode == core::FilterMode::kInclude;
    switch (changed.change) {
      case Change::kAdded:
        return add(config::LogLevel::kDebug, "group_added", fmt::format("{} is wanted", group));
      case Change::kChanged:
        return add(
            config::LogLevel::kDebug, "group_changed",
            fmt::format("{} is wanted from {}{} sources{}", group, is_include ? "" : "all but ",
                        record.sources.size(), is_include ? " only" : ""));
      case Change::kRemoved:
        return add(config::LogLevel::kDebug, "group_removed",
                   fmt::format("{} is wanted no more", group));
    }
  }

  void tell(const core::Refused& refused) {
    if (!subject_.in_detail) return;
    add(config::LogLevel::kDebug, "refused",
        fmt::format("limit reached: {} of {} refused, reported by {}", label(refused.what),
                    with_name(refused.group), spelled(refused.host, refused.mac)));
  }

  std::vector<log::LogLine> take() { return std::move(lines_); }

 private:
  unsigned number(const Query& query) const {
    return querent::number(query.version, subject_.family);
  }

  // "239.1.2.3 (hf audio)"
  std::string with_name(Address group) const {
    const auto name = names_.find(group);
    return name ? fmt::format("{} ({})", group.to_string(), *name) : group.to_string();
  }

  std::string source() const { return view_.source ? view_.source->to_string() : "nobody"; }

  std::string querier(const core::QuerierElected& elected) const {
    const unsigned version = querent::number(elected.version, subject_.family);
    return elected.mac.is_known() ? fmt::format("{} (v{}, {})", elected.address.to_string(),
                                                version, elected.mac.to_string())
                                  : fmt::format("{} (v{})", elected.address.to_string(), version);
  }

  static std::string before(const core::RoleChanged& changed) {
    if (changed.from == Role::kDown) return {};
    return fmt::format("; was {} for {}", role_words(changed.from), in_words(changed.held));
  }

  void add(config::LogLevel level, std::string_view event, std::string text) {
    lines_.push_back({.level = level,
                      .event = event,
                      .interface = subject_.interface,
                      .family = subject_.family,
                      .text = std::move(text)});
  }

  void add_repeating(std::string_view event, std::string_view detail, std::string text) {
    add(config::LogLevel::kWarn, event, std::move(text));
    lines_.back().repeats = true;
    lines_.back().detail = detail;
  }

  const Subject& subject_;
  const core::SegmentView& view_;
  const observe::GroupNames& names_;
  const core::RoleChanged* role_ = nullptr;
  const core::QuerierElected* elected_ = nullptr;
  const core::QuerierVanished* vanished_ = nullptr;
  std::vector<log::LogLine> lines_;
};

}  // namespace

std::vector<log::LogLine> narrate(std::span<const core::Action> actions, const Subject& subject,
                                  const core::SegmentView& view, const observe::GroupNames& names) {
  Narrator narrator(subject, view, names);
  for (const auto& action : actions)
    narrator.gather(action);
  for (const auto& action : actions)
    std::visit([&](const auto& what) { narrator.tell(what); }, action);
  return narrator.take();
}

}  // namespace querent::app
