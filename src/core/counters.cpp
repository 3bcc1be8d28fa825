#include "core/counters.hpp"

#include <algorithm>

namespace querent::core {

void Counters::count_competitor(Address address) {
  const auto known = std::find_if(competitor_queries.begin(), competitor_queries.end(),
                                  [address](const auto& entry) { return entry.first == address; });
  if (known != competitor_queries.end()) {
    ++known->second;
  } else if (competitor_queries.size() < kCompetitors) {
    competitor_queries.emplace_back(address, 1);
  } else {
    ++competitors_other;
  }
}

}  // namespace querent::core
