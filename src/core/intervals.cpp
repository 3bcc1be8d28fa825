#include "core/intervals.hpp"

#include <algorithm>

namespace querent::core {

using std::chrono::seconds;

Values own_values(const Settings& settings, Version version) {
  const Duration by_default =
      std::clamp<Duration>(settings.query_interval / 4, kMinQueryResponse, seconds(10));
  return {
      .robustness = settings.robustness,
      .query_interval = settings.query_interval,
      .query_response =
          version == Version::k1 ? kVersion1Response : settings.max_response.value_or(by_default),
      .last_member_interval = settings.last_member_interval,
  };
}

Duration startup_query_interval(const Settings& settings) {
  return settings.startup_interval.value_or(
      std::min<Duration>(seconds(5), settings.query_interval / 4));
}

Duration group_membership_interval(const Values& values) {
  return values.robustness * values.query_interval + 2 * values.query_response;
}

Duration other_querier_present_interval(const Values& values) {
  return values.robustness * values.query_interval + values.query_response / 2;
}

Duration query_interval_behind(Duration other_querier_present, const Values& values) {
  const Duration rounds = other_querier_present - values.query_response / 2;
  return std::max(rounds / values.robustness, kMinQueryResponse);
}

Duration last_member_query_time(const Values& values) {
  return values.robustness * values.last_member_interval;
}

Duration older_host_present_interval(const Values& values) {
  return values.robustness * values.query_interval + values.query_response;
}

Duration older_version_querier_present_interval(const Values& values) {
  return values.robustness * values.query_interval + values.query_response;
}

}  // namespace querent::core
