// The part of Simulation that knows how long the dust may take to settle.

#include <algorithm>

#include "sim/simulation.hpp"

namespace querent::sim {

namespace {

Duration longest_interval(const Scenario& scenario) {
  Duration longest{0};
  for (const auto& querier : scenario.queriers) {
    longest = std::max(longest, querier.settings.query_interval);
  }
  return longest;
}

bool is_there(const Neighbourhood& all, Address address) {
  const auto& foreign = all.foreign;
  return std::find(foreign.begin(), foreign.end(), address) != foreign.end() ||
         std::any_of(all.queriers.begin(), all.queriers.end(), [address](const auto& member) {
           return member.node->identity().address == address;
         });
}

// Until when the rightful querier may still hold what nobody wants any more.
Instant last_memory(const Neighbourhood& all) {
  Instant last = kLongAgo;
  for (const auto& [node, witness] : all.queriers) {
    if (node->identity().address != all.rightful()) continue;
    for (const auto& [address, group] : witness->groups) {
      const bool wanted = std::any_of(
          all.hosts.begin(), all.hosts.end(),
          [group_address = address](const Host* h) { return h->is_member(group_address); });
      if (!wanted) last = std::max(last, group.may_hold_until());
    }
  }
  return last;
}

}  // namespace

std::map<std::size_t, Neighbourhood> Simulation::neighbourhoods() const {
  std::map<std::size_t, Neighbourhood> all;
  for (NodeId id = 0; id < scenario_.station(); ++id) {
    if (!nodes_[id]) continue;
    auto& here = all[network_.partition_of(id)];
    if (const auto* node = querier(id)) {
      if (node->is_awake() && node->is_plugged_in()) {
        here.queriers.push_back({node, &witnesses_.at(id)});
      }
    } else if (const auto* listener = host(id)) {
      here.hosts.push_back(listener);
    } else {
      here.foreign.push_back(scenario_.foreign[id - scenario_.first_foreign()].address);
    }
  }
  return all;
}

// When to look again, if something may still be on its way to where it belongs.
std::optional<Instant> Simulation::excuse() const {
  const Duration some_rounds = 3 * longest_interval(scenario_) + std::chrono::seconds(20);
  Instant wait = scenario_.storm_ends + scenario_.calm + some_rounds;
  for (const auto& [partition, all] : neighbourhoods()) {
    for (const auto& [node, witness] : all.queriers) {
      const auto& view = witness->view;
      if (view.elected && !is_there(all, view.elected->address)) {
        wait = std::max(wait, *view.takeover + some_rounds);
      }
      // Sources that nobody wants any more take turns to expire, up to three of them in a row.
      const Duration memory =
          view.values.robustness * view.values.query_interval + 2 * view.values.query_response;
      if (scenario_.all_version3) wait = std::max(wait, scenario_.storm_ends + 4 * memory);
    }
    wait = std::max(wait, last_memory(all) + 2 * QuerierNode::kMaxLateness);
  }
  for (NodeId id = 0; id < scenario_.station(); ++id) {
    const auto* sleeper = querier(id);
    if (sleeper != nullptr && !sleeper->is_awake()) {
      wait = std::max(wait, sleeper->deadline() + some_rounds);
    }
    const auto* foreign = dynamic_cast<const ForeignQuerier*>(nodes_[id].get());
    if (foreign == nullptr || foreign->is_asking(now_)) continue;
    const auto here = neighbourhoods().at(network_.partition_of(id));
    if (here.rightful() == foreign->habits().address) {
      wait = std::max(wait, foreign->deadline() + scenario_.calm);
    }
  }
  return wait > now_ ? std::optional(wait) : std::nullopt;
}

}  // namespace querent::sim
