#include "segments.h"

namespace hone {

using at::Tensor;

std::vector<Segment> read_segments(const Tensor& starts, const OptionalTensor& parents, int64_t tokens) {
  const Tensor at = starts.to(at::kCPU).contiguous();
  const int64_t* const begin = data<int64_t>(at);
  const int64_t count = at.numel() - 1;
  TORCH_CHECK(begin[0] == 0 && begin[count] == tokens && std::is_sorted(begin, begin + count + 1),
              "hone::segment_attention: segment_starts must rise from 0 to token = ", tokens, ", got ",
              std::vector<int64_t>(begin, begin + count + 1));
  std::vector<Segment> segments;
  for (int64_t i = 0; i < count; i++) {
    segments.push_back({begin[i], begin[i + 1] - begin[i], -1});
  }

  if (!parents.has_value()) {
    return segments;
  }

  TORCH_CHECK(parents->dim() == 1 && parents->size(0) == count && parents->scalar_type() == at::kLong,
              "hone::segment_attention: parents must be int64 [segment = ", count, "], got ", parents->scalar_type(),
              " ", parents->sizes());
  const Tensor of = parents->to(at::kCPU).contiguous();
  for (int64_t i = 0; i < count; i++) {
    const int64_t parent = data<int64_t>(of)[i];
    TORCH_CHECK(parent < i && (parent < 0 || segments[parent].parent < 0), "hone::segment_attention: segment ", i,
                " must go on from one before it that goes on from none, got ", parent);
    segments[i].parent = std::max<int64_t>(-1, parent);
  }

  return segments;
}

std::vector<Family> families_of(const std::vector<Segment>& segments) {
  std::vector<Family> families;
  std::vector<size_t> family_of(segments.size());
  for (size_t i = 0; i < segments.size(); i++) {
    const auto [first, count, parent] = segments[i];
    if (parent < 0) {
      family_of[i] = families.size();
      families.push_back({i, {}, 0, count * count});
      continue;
    }

    Family& family = families[family_of[parent]];
    family.children.push_back(i);
    family.longest = std::max(family.longest, count);
    family.work += (count + 2 * segments[parent].count) * count;
  }

  sort_by_work(families);
  return families;
}

}  // namespace hone
