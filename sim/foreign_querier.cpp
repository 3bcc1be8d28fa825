#include "sim/foreign_querier.hpp"

#include <algorithm>

#include "sim/dialect.hpp"

namespace querent::sim {

void ForeignQuerier::receive(const FramePtr& frame, Instant now, Out& /*out*/) {
  if (!habits_.defers || frame->forged || !frame->is_general_query()) return;
  const Address rival = frame->message->source;
  if (rival.is_unspecified() || !is_lower(rival, habits_.address)) return;
  constexpr Duration kRfcPatience = std::chrono::seconds(255);  // RFC 2236 8.5, 2710 7.5
  silent_until_ = now + kRfcPatience;
  next_query_ = silent_until_;
}

void ForeignQuerier::wake(Instant now, Out& out) {
  if (now < next_query_) return;
  const bool version3 = habits_.version == Version::k3;
  out.push_back(
      make_frame(habits_.mac,
                 {.source = habits_.address,
                  .destination = dialect_of(habits_.address).all_systems,
                  .hop_limit = 1,
                  .router_alert = habits_.router_alert,
                  .message = Query{.version = habits_.version,
                                   .group = Address::unspecified(habits_.address.family()),
                                   .max_response = habits_.max_response,
                                   .suppress = false,
                                   .robustness = static_cast<std::uint8_t>(version3 ? 2 : 0),
                                   .query_interval = version3 ? habits_.interval : Duration::zero(),
                                   .sources = {}}}));
  const Duration swing = scaled(habits_.interval, habits_.jitter);
  next_query_ = now + random_.between(habits_.interval - swing, habits_.interval + swing);
}

}  // namespace querent::sim
