#pragma once

#include <tl/expected.hpp>

namespace querent {

// A value or the reason why there is none. Errors are values; nothing in querent throws.
template <class T, class E>
using Result = tl::expected<T, E>;

template <class E>
constexpr tl::unexpected<E> failure(E reason) {
  return tl::unexpected<E>(reason);
}

}  // namespace querent
