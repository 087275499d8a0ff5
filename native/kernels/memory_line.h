// What memory is brought near in.
#pragma once

#include <cstdint>

namespace hone {

/// Bytes of a line of memory.
inline constexpr int64_t kLine = 64;

/// The start of the first line from a place on.
inline int64_t next_line(int64_t at) { return (at + kLine - 1) / kLine * kLine; }

}  // namespace hone
