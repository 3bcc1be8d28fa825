#pragma once

#include <algorithm>
#include <cstddef>
#include <variant>

#include "base/check.hpp"
#include "core/event.hpp"
#include "core/family_rules.hpp"
#include "core/membership.hpp"
#include "step.hpp"

namespace querent::fuzz {

// A membership table of its own that hears what the segment hears: a segment does not show how
// long its table's agenda is.
class ShadowTable {
 public:
  ShadowTable(Family family, const core::Bounds& bounds)
      : table_(core::family_rules(family), bounds, 1), most_groups_(bounds.groups) {}

  void follow(const Step& step) {
    const core::Terms terms{.now = step.now,
                            .values = step.after.view.values,
                            .version = step.after.view.version,
                            .asks = step.after.view.role == core::Role::kQuerier};
    table_.advance(terms, changes_);
    if (std::holds_alternative<core::LinkUp>(step.event)) table_.restart_timers(terms);
    if (const auto* received = std::get_if<core::Received>(&step.event)) {
      hear(*received, terms);
    }
    table_.advance(terms, changes_);
    changes_.clear();
    CHECK(table_.deadline() > step.now);
    CHECK(table_.agenda_size() >= table_.size());
    CHECK(table_.agenda_size() <= 4 * most_groups_ + 1024);
  }

 private:
  void hear(const core::Received& received, const core::Terms& terms) {
    if (const auto* report = std::get_if<Report>(&received.packet.message)) {
      const core::Reporter reporter{received.packet.source, received.mac, report->version};
      table_.report(*report, reporter, terms, changes_);
    } else if (const auto* leave = std::get_if<Leave>(&received.packet.message)) {
      table_.leave(*leave, terms, changes_);
    } else if (const auto& query = std::get<Query>(received.packet.message);
               !query.is_general() && !terms.asks) {
      table_.heard_query(query, terms);
    }
  }

  core::Membership table_;
  core::Membership::Changes changes_;
  std::size_t most_groups_;
};

}  // namespace querent::fuzz
