#include "sim/simulation.hpp"

#include <algorithm>
#include <utility>

namespace querent::sim {

using std::chrono::hours;
using std::chrono::seconds;

namespace {

constexpr Duration kAuditEvery = seconds(5);
constexpr std::size_t kEnoughViolations = 5;

}  // namespace

Simulation::Simulation(Scenario scenario, Trace::Listener listener)
    : scenario_(std::move(scenario)),
      random_(Random::mixed(scenario_.seed ^ 0x51A5U)),
      network_(scenario_.layout, random_.fork(),
               [this](Instant at, Network::Arrival arrival) {
                 post(at, Due::Kind::kArrival, std::move(arrival));
               }),
      nodes_(scenario_.station() + 1),
      woken_at_(scenario_.station() + 1, kNever) {
  trace_.listen(std::move(listener));
  network_.set_weather(scenario_.weather);
  network_.set_filter(
      [this](NodeId node, const Frame& frame, bool to_node) { return lets(node, frame, to_node); });
  if (!scenario_.plan.empty()) post(scenario_.plan.front().at, Due::Kind::kPlan);
  post(kStart + kAuditEvery, Due::Kind::kAudit);
}

Outcome Simulation::run() {
  play_until(scenario_.storm_ends);
  calm_down();
  settle();
  check_the_end();
  outcome_.fingerprint = trace_.fingerprint();
  outcome_.simulated = now_ - kStart;
  return std::move(outcome_);
}

void Simulation::post(Instant at, Due::Kind kind, Network::Arrival arrival) {
  queue_.push({.at = at, .order = order_++, .kind = kind, .arrival = std::move(arrival)});
}

void Simulation::play_until(Instant end) {
  while (!queue_.empty() && queue_.top().at <= end) {
    if (outcome_.violations.size() >= kEnoughViolations) return;
    const Due due = queue_.top();
    queue_.pop();
    now_ = due.at;
    ++outcome_.events;
    handle(due);
  }
  now_ = std::max(now_, end);
}

void Simulation::handle(const Due& due) {
  switch (due.kind) {
    case Due::Kind::kArrival:
      if (due.arrival.at_node) {
        deliver(due.arrival.place, due.arrival.frame);
      } else {
        network_.arrive_at_switch(due.arrival, now_);
      }
      break;
    case Due::Kind::kWake:
      wake(due.arrival.place);
      break;
    case Due::Kind::kPlan: {
      const Planned& planned = scenario_.plan[next_of_plan_++];
      trace_.happened(now_, planned.what);
      std::visit([this](const auto& what) { happen(what); }, planned.what);
      if (next_of_plan_ < scenario_.plan.size()) {
        post(scenario_.plan[next_of_plan_].at, Due::Kind::kPlan);
      }
      break;
    }
    case Due::Kind::kAudit:
      audit();
      post(now_ + kAuditEvery, Due::Kind::kAudit);
      break;
  }
}

void Simulation::deliver(NodeId to, const FramePtr& frame) {
  if (!nodes_[to]) return;
  if (frame->corrupt && frame->message) {
    outcome_.violations.push_back({now_, "corruption_dropped", describe(*frame)});
  }
  QuerierNode* victim = frame->forged ? querier(to) : nullptr;
  if (victim != nullptr && victim->is_awake()) {
    victim->wake(now_, out_);
    const auto before = victim->segment().view(now_);
    victim->receive(frame, now_, out_);
    check_forgery_harmless(before, victim->segment().view(now_), now_, outcome_.violations);
  } else {
    nodes_[to]->receive(frame, now_, out_);
  }
  flush(to);
}

void Simulation::wake(NodeId node) {
  if (woken_at_[node] != now_) return;
  woken_at_[node] = kNever;
  if (!nodes_[node]) return;
  if (nodes_[node]->deadline() <= now_) nodes_[node]->wake(now_, out_);
  flush(node);
}

void Simulation::flush(NodeId from) {
  for (const auto& frame : std::exchange(out_, {})) {
    trace_.sent(now_, from, *frame);
    network_.send(from, frame, now_);
  }
  if (!nodes_[from]) return;
  const Instant deadline = nodes_[from]->deadline();
  if (deadline >= woken_at_[from]) return;
  woken_at_[from] = std::max(deadline, now_);
  post(woken_at_[from], Due::Kind::kWake, {.frame = {}, .place = from});
}

void Simulation::happen(const Crash& crash) {
  nodes_[crash.node].reset();
  witnesses_.erase(crash.node);
}

void Simulation::happen(const Return& back) {
  const NodeId id = back.node;
  if (nodes_[id]) return;
  if (id < scenario_.first_host()) {
    auto node = std::make_unique<QuerierNode>(
        scenario_.queriers[id], random_.fork(),
        [this, id](const QuerierNode& self, const core::Event& event,
                   const std::vector<core::Action>& actions,
                   Instant /*now*/) { stepped(id, self, event, actions); });
    QuerierNode& querier = *node;
    nodes_[id] = std::move(node);
    querier.plug_in(now_, out_);
  } else if (id < scenario_.first_foreign()) {
    nodes_[id] =
        std::make_unique<Host>(scenario_.hosts[id - scenario_.first_host()], random_.fork());
  } else if (id < scenario_.station()) {
    nodes_[id] = std::make_unique<ForeignQuerier>(scenario_.foreign[id - scenario_.first_foreign()],
                                                  random_.fork(), now_);
  }
  flush(id);
}

void Simulation::happen(const Unplug& unplug) {
  QuerierNode* node = querier(unplug.node);
  if (node == nullptr || !node->is_awake() || !node->is_plugged_in()) return;
  node->unplug(now_, out_);
  flush(unplug.node);
}

void Simulation::happen(const PlugIn& plug) {
  QuerierNode* node = querier(plug.node);
  if (node == nullptr || !node->is_awake() || node->is_plugged_in()) return;
  node->plug_in(now_, out_);
  flush(plug.node);
}

void Simulation::happen(const ChangeAddress& change) {
  if (change.node >= scenario_.first_host()) {
    scenario_.hosts[change.node - scenario_.first_host()].address = change.address;
    if (Host* node = host(change.node)) node->take_address(change.address, now_);
    return flush(change.node);
  }
  QuerierNode* node = querier(change.node);
  if (node == nullptr || !node->is_awake()) return;
  scenario_.queriers[change.node].address = change.address;
  node->change_address(change.address, now_, out_);
  flush(change.node);
}

void Simulation::happen(const Sleep& sleep) {
  QuerierNode* node = querier(sleep.node);
  if (node == nullptr || !node->is_awake()) return;
  node->sleep(now_ + sleep.length);
  witnesses_[sleep.node].overslept = true;
  flush(sleep.node);
}

void Simulation::happen(const SetTrunk& trunk) {
  network_.set_trunk(trunk.trunk, trunk.whole);
}

void Simulation::happen(const Forge& forge) {
  network_.send(forge.from, forge.frame, now_);
}

void Simulation::happen(const ChangeWish& change) {
  Host* node = host(change.host);
  if (node == nullptr) return;
  node->wish(change.group, change.wish, now_, out_);
  flush(change.host);
}

void Simulation::happen(const SendData& data) {
  last_datagram_ = data.data.number;
  network_.send(data.from, make_data_frame({}, data.data), now_);
}

void Simulation::stepped(NodeId id, const QuerierNode& node, const core::Event& event,
                         const std::vector<core::Action>& actions) {
  const Step step{id, node, event, actions, now_};
  for (const auto& action : actions) {
    trace_.acted(now_, id, node.identity().address, action);
  }
  Witness& witness = witnesses_[id];
  check_step_against_past(step, witness, outcome_.violations);
  witness_step(step, witness);
  check_step(step, witness, outcome_.violations);
  const bool is_steady = scenario_.profile == Profile::kSettled;
  if (is_steady && now_ >= scenario_.losses_start) check_steady_roles(step, outcome_.violations);
}

void Simulation::audit() {
  for (const auto& [id, witness] : witnesses_) {
    const QuerierNode* node = querier(id);
    if (node != nullptr && node->is_awake()) check_table(*node, witness, now_, outcome_.violations);
  }
}

bool Simulation::lets(NodeId node, const Frame& frame, bool to_node) {
  if (now_ < scenario_.losses_start || now_ >= scenario_.storm_ends) return true;
  if (node == scenario_.station()) return true;
  Round& round = rounds_[node];
  if (!to_node) return !round.on_the_way_back;
  if (!frame.is_general_query()) return true;
  // Robustness 2 is meant to survive every other round being lost, on the way there or back. What
  // is asked again before the answer is due is asked in the same round.
  if (now_ >= round.until) {
    const Duration half = scenario_.queriers.front().settings.query_interval / 2;
    round.until = now_ + std::min(frame.get<Query>()->max_response, half);
    round.is_lost = !round.is_lost && random_.chance(0.5);
    const bool is_host = node >= scenario_.first_host();
    round.on_the_way_back = round.is_lost && is_host && random_.chance(0.5);
  }
  return !round.is_lost || round.on_the_way_back;
}

void Simulation::calm_down() {
  network_.set_weather({});
  rounds_.clear();
  for (NodeId id = 0; id < scenario_.first_host(); ++id)
    happen(PlugIn{id});
}

void Simulation::settle() {
  const Instant latest = scenario_.storm_ends + hours(4);
  for (auto until = excuse(); until && *until < latest; until = excuse()) {
    play_until(*until);
    if (outcome_.violations.size() >= kEnoughViolations) return;
  }
}

void Simulation::check_the_end() {
  if (outcome_.violations.size() >= kEnoughViolations) return;
  for (const auto& [partition, all] : neighbourhoods()) {
    check_one_querier(all, now_, outcome_.violations);
    check_table_is_truth(all, scenario_.all_version3, now_, outcome_.violations);
    if (scenario_.profile != Profile::kStream) continue;
    for (const Host* each : all.hosts) {
      check_stream_unbroken(*each, last_datagram_, now_, outcome_.violations);
    }
  }
}

QuerierNode* Simulation::querier(NodeId id) const {
  return dynamic_cast<QuerierNode*>(nodes_[id].get());
}

Host* Simulation::host(NodeId id) const {
  return dynamic_cast<Host*>(nodes_[id].get());
}

Outcome simulate(Profile profile, std::uint64_t seed, const Shape& shape,
                 Trace::Listener listener) {
  return Simulation(make_scenario(profile, seed, shape), std::move(listener)).run();
}

}  // namespace querent::sim
