// The segments of a packed row: where they lie, which go on from which, and how their work is handed out.
#pragma once

#include "tensors.h"

namespace hone {

/// A stretch of a packed row, and the segment before it that it goes on from, or -1.
struct Segment {
  int64_t first;
  int64_t count;
  int64_t parent;
};

/// The segments of a row, read once. A parent goes on from none itself.
std::vector<Segment> read_segments(const at::Tensor& starts, const OptionalTensor& parents, int64_t tokens);

/// A segment with those that go on from it.
struct Family {
  size_t root;
  std::vector<size_t> children;
  int64_t longest;  // of the children
  int64_t work;
};

/// The families of a row, those with the most work first.
std::vector<Family> families_of(const std::vector<Segment>& segments);

/// The most work first, so that no thread is left with it at the end.
template <class Work>
void sort_by_work(std::vector<Work>& pieces) {
  std::stable_sort(pieces.begin(), pieces.end(), [](const Work& a, const Work& b) { return a.work > b.work; });
}

}  // namespace hone
