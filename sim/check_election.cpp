// The checkers of who asks.

#include <algorithm>
#include <string>

#include "sim/checkers.hpp"
#include "sim/dialect.hpp"

namespace querent::sim {

using core::Role;

namespace {

std::string seconds_of(Duration duration) {
  return std::to_string(std::chrono::duration<double>(duration).count()) + " s";
}

// Nobody takes over from a querier that may still be there (docs/design/protocol.md 3.4), and
// nobody takes over while another one that is lower was heard instead.
void check_takeover_is_due(const Step& step, const Witness& before, Violations& violations) {
  const auto& identity = step.node.identity();
  for (const auto* vanished : step.done<core::QuerierVanished>()) {
    const auto silent = before.queriers.find(vanished->address);
    if (silent == before.queriers.end()) continue;
    const Instant last_heard = silent->second.last_heard();
    const Duration patience = silent->second.least_patience(identity.settings);
    if (step.now < last_heard + patience) {
      complain(violations, step.now, "patience",
               who(step) + " gave up " + vanished->address.to_string() + " after " +
                   seconds_of(step.now - last_heard) + ", not " + seconds_of(patience));
    }
    const Instant since = std::max(last_heard, before.follows_since);
    for (const auto& [address, other] : before.queriers) {
      if (address == vanished->address || !is_lower(address, identity.address)) continue;
      if (other.last_heard() < since) continue;
      const bool came_after = other.last_heard() > since;  // at once: that cannot be told
      if (came_after && step.now < other.last_heard() + other.least_patience(identity.settings)) {
        complain(violations, step.now, "succession",
                 who(step) + " takes over although " + address.to_string() + " was heard");
      }
      break;  // the lowest one counts
    }
  }
}

// A process that did not run for long says so, and no other does.
void check_sleep_noticed(const Step& step, const Witness& before, Violations& violations) {
  if (!before.last_step || before.view.role == Role::kDown) return;
  const Duration interval = step.node.identity().settings.query_interval;
  const Duration gap = step.now - *before.last_step;
  const bool right = step.slept() ? gap > interval : gap <= 2 * interval;
  if (right) return;
  complain(violations, step.now, "sleep_noticed",
           who(step) + (step.slept() ? " believes to have slept" : " did not notice its sleep"));
}

// A non-querier goes by what the elected one announces (RFC 9776 4.1.6, 4.1.7).
void check_values_adopted(const Step& step, const Witness& after, Violations& violations) {
  const auto& view = after.view;
  if (!view.elected || view.elected->version != Version::k3) return;
  const auto known = after.queriers.find(view.elected->address);
  if (known == after.queriers.end()) return;
  const auto& settings = step.node.identity().settings;
  const HeardQuerier& querier = known->second;
  const bool adopted = view.values.robustness == querier.robustness(settings) &&
                       view.values.query_interval >= querier.query_interval(settings) &&
                       view.values.query_response == querier.last_query().max_response;
  if (adopted) return;
  complain(
      violations, step.now, "values_adopted",
      who(step) + " goes by other values than " + view.elected->address.to_string() + " announces");
}

// Nobody waits longer for a querier than what is known of it asks for.
void check_not_too_patient(const Step& step, const Witness& after, Violations& violations) {
  const auto& view = after.view;
  if (!view.elected || !view.takeover) return;
  const auto known = after.queriers.find(view.elected->address);
  if (known == after.queriers.end()) return;
  const auto patience =
      known->second.most_patience(step.node.identity().settings, after.follows_since);
  if (!patience || *view.takeover <= known->second.last_heard() + *patience) return;
  complain(violations, step.now, "patience",
           who(step) + " would wait longer for " + view.elected->address.to_string() + " than " +
               seconds_of(*patience));
}

}  // namespace

void check_election_against_past(const Step& step, const Witness& before, Violations& violations) {
  check_takeover_is_due(step, before, violations);
  check_sleep_noticed(step, before, violations);
}

void check_election(const Step& step, const Witness& after, Violations& violations) {
  check_values_adopted(step, after, violations);
  check_not_too_patient(step, after, violations);
}

Address Neighbourhood::rightful() const {
  Address lowest;
  const auto consider = [&lowest](Address address) {
    if (lowest.is_unspecified() || is_lower(address, lowest)) lowest = address;
  };
  for (const Address address : foreign)
    consider(address);
  for (const auto& [node, witness] : queriers) {
    const bool can_ask = !node->identity().settings.passive && !node->identity().settings.source;
    if (can_ask) consider(node->identity().address);
  }
  return lowest;
}

void check_one_querier(const Neighbourhood& all, Instant now, Violations& violations) {
  const Address rightful = all.rightful();
  if (rightful.is_unspecified()) return;
  for (const auto& [node, witness] : all.queriers) {
    const auto& view = witness->view;
    const bool is_it = node->identity().address == rightful;
    const bool right =
        is_it ? view.role == Role::kQuerier
              : view.role != Role::kQuerier && view.elected && view.elected->address == rightful;
    if (right) continue;
    complain(violations, now, "one_querier",
             node->identity().address.to_string() + " is " + std::string(name(view.role)) +
                 (view.elected ? " behind " + view.elected->address.to_string() : "") +
                 ", but the querier is " + rightful.to_string());
  }
}

void check_steady_roles(const Step& step, Violations& violations) {
  for (const auto* changed : step.done<core::RoleChanged>()) {
    complain(violations, step.now, "steady_roles",
             who(step) + " became " + std::string(name(changed->to)) + " for a single loss");
  }
}

void check_forgery_harmless(const core::SegmentView& before, const core::SegmentView& after,
                            Instant now, Violations& violations) {
  const auto elected = [](const core::SegmentView& view) {
    return view.elected ? view.elected->address : Address{};
  };
  if (before.role == after.role && elected(before) == elected(after) &&
      before.takeover == after.takeover && before.groups == after.groups &&
      before.ledger.sources == after.ledger.sources && before.ledger.hosts == after.ledger.hosts) {
    return;
  }
  complain(violations, now, "forgery_harmless", "an invalid message was believed");
}

}  // namespace querent::sim
