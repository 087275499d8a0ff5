// Arenas: made for a shape, filled with weights as often as these change.
#include <torch/library.h>

#include <cstring>

#include "../memory_line.h"
#include "../system_memory.h"
#include "../tensors.h"
#include "coded_panel.h"
#include "plan.h"

namespace hone::decoder {
namespace {

using at::Tensor;

/// Hands out places in an arena, each at the start of a cache line, in the order in which a step reads them.
class Places {
 public:
  Places(int64_t used, at::IntArrayRef codes) : used_(used), codes_(codes) {}

  int64_t take(int64_t bytes) {
    const int64_t at = next_line(used_);
    used_ = at + bytes;
    return at;
  }

  Numbers numbers(int64_t count, bool there = true) {
    return there ? take(count * static_cast<int64_t>(sizeof(float))) : 0;
  }

  Matrix matrix(const Plan& plan, int64_t outputs, int64_t inputs, int64_t kinds = 1) {
    Matrix matrix{0, outputs, inputs, static_cast<WeightCode>(codes_[matrices_++])};
    matrix.at = take(kinds * panels_of(outputs) * plan.panel_bytes(matrix));
    return matrix;
  }

  int64_t used() const { return used_; }

 private:
  int64_t used_;
  at::IntArrayRef codes_;
  size_t matrices_ = 0;
};

void lay_out(Plan& plan, std::vector<LayerPlan>& layers, at::IntArrayRef codes) {
  const Sizes& sizes = plan.sizes;
  Places places(static_cast<int64_t>(sizeof(Plan) + layers.size() * sizeof(LayerPlan)), codes);
  for (LayerPlan& layer : layers) {
    layer.attention_norm = places.numbers(sizes.hidden);
    layer.inputs = places.matrix(plan, plan.query_width() + 2 * plan.key_width(), sizes.hidden);
    layer.input_bias = places.numbers(layer.inputs.outputs, sizes.input_bias != 0);
    layer.query_norm = places.numbers(sizes.dim, sizes.query_key_norm != 0);
    layer.key_norm = places.numbers(sizes.dim, sizes.query_key_norm != 0);
    layer.output = places.matrix(plan, sizes.hidden, plan.query_width());
    layer.output_bias = places.numbers(sizes.hidden, sizes.output_bias != 0);
    layer.feed_norm = places.numbers(sizes.hidden);
    layer.gate_and_up = places.matrix(plan, sizes.inner, sizes.hidden, 2);
    layer.gate_bias = places.numbers(sizes.inner, sizes.feed_bias != 0);
    layer.up_bias = places.numbers(sizes.inner, sizes.feed_bias != 0);
    layer.down = places.matrix(plan, sizes.hidden, sizes.inner);
    layer.down_bias = places.numbers(sizes.hidden, sizes.feed_bias != 0);
  }

  plan.final_norm = places.numbers(sizes.hidden);
  plan.head = places.matrix(plan, sizes.vocabulary, sizes.hidden);
  plan.bytes = (places.used() + kHugePage - 1) / kHugePage * kHugePage;
}

template <class Record, class Number>
Record record_of(const char* what, at::ArrayRef<Number> numbers) {
  constexpr size_t count = sizeof(Record) / sizeof(Number);
  TORCH_CHECK(numbers.size() >= count, "hone::decoder_arena: ", what, " must be at least ", count, ", got ",
              numbers.size());
  Record record;
  std::memcpy(&record, numbers.data(), sizeof record);
  return record;
}

// sizes: those of Sizes, then window and rotation of each layer. codes: of each matrix, in the order of a step.
Tensor decoder_arena(at::IntArrayRef sizes, at::ArrayRef<double> reals, at::ScalarType type, at::IntArrayRef codes) {
  TORCH_CHECK(type == at::kFloat || type == at::kBFloat16,
              "hone::decoder_arena: dtype must be float32 or bfloat16, got ", type);
  Plan plan{};
  plan.mark = Plan::kMark;
  plan.is_bfloat = type == at::kBFloat16;
  plan.sizes = record_of<Sizes>("sizes", sizes);
  plan.reals = record_of<Reals>("reals", reals);
  constexpr size_t fixed = sizeof(Sizes) / sizeof(int64_t);
  TORCH_CHECK(sizes.size() == fixed + 2 * static_cast<size_t>(plan.sizes.layers),
              "hone::decoder_arena: sizes must have a window and a rotation for each of ", plan.sizes.layers,
              " layers");
  TORCH_CHECK(plan.sizes.heads % plan.sizes.kv_heads == 0, "hone::decoder_arena: heads must be a multiple of ",
              plan.sizes.kv_heads, " key-value heads, got ", plan.sizes.heads);
  std::vector<LayerPlan> layers(plan.sizes.layers);
  for (size_t i = 0; i < layers.size(); i++) {
    layers[i].window = sizes[fixed + 2 * i];
    layers[i].rotation = sizes[fixed + 2 * i + 1];
  }

  TORCH_CHECK(codes.size() == kLayerMatrices * layers.size() + 1, "hone::decoder_arena: codes must be ",
              kLayerMatrices * layers.size() + 1, ", one for each matrix, got ", codes.size());
  for (const int64_t code : codes) {
    TORCH_CHECK(code >= 0 && code < kWeightCodes, "hone::decoder_arena: codes must be from 0 to ", kWeightCodes - 1,
                ", got ", code);
  }

  lay_out(plan, layers, codes);
  Tensor arena = system_memory({plan.bytes}, at::kByte, true);
  std::memcpy(arena.data_ptr(), &plan, sizeof plan);
  std::memcpy(static_cast<char*>(arena.data_ptr()) + sizeof plan, layers.data(), layers.size() * sizeof(LayerPlan));
  return arena;
}

/// A list of weights that is taken one by one.
class Weights {
 public:
  explicit Weights(const c10::List<OptionalTensor>& weights) : weights_(weights) {}

  Tensor next(at::IntArrayRef shape) {
    const size_t place = at_++;
    TORCH_CHECK(place < weights_.size(), "hone::decoder_pack_: weight ", place, " is missing");
    const OptionalTensor weight = weights_.get(place);
    TORCH_CHECK(weight.has_value() && weight->sizes() == shape && is_fused(*weight), "hone::decoder_pack_: weight ",
                place, " must be float32 or bfloat16 ", shape, " on the cpu, got ",
                weight.has_value() ? weight->toString() : "none");
    return with_dense_rows(*weight);
  }

  /// A matrix as numbers, or as rows of GGUF's blocks where it is kept in such.
  Tensor next_matrix(const Matrix& matrix) {
    const size_t place = at_;
    if (place < weights_.size() && is_blocks(weights_.get(place))) {
      const CodeFormat format = format_of(matrix.code);
      const int64_t bytes = format.file_bytes();
      const Tensor blocks = *weights_.get(at_++);
      TORCH_CHECK(matrix.is_coded() && matrix.code != WeightCode::Int8 && matrix.inputs % format.block == 0 &&
                      blocks.sizes() == at::IntArrayRef({matrix.outputs, matrix.inputs / format.block * bytes}),
                  "hone::decoder_pack_: weight ", place, " must be in blocks of the code its matrix is laid out for, [",
                  matrix.outputs, ", ", format.blocks(matrix.inputs), " · ", bytes, "], got ", blocks.sizes());
      return with_dense_rows(blocks);
    }

    return next({matrix.outputs, matrix.inputs});
  }

  void expect_end() const {
    TORCH_CHECK(at_ == weights_.size(), "hone::decoder_pack_: there must be ", at_, " weights, got ", weights_.size());
  }

 private:
  static bool is_blocks(const OptionalTensor& weight) {
    return weight.has_value() && weight->scalar_type() == at::kByte && weight->dim() == 2 && weight->device().is_cpu();
  }

  const c10::List<OptionalTensor>& weights_;
  size_t at_ = 0;
};

/// A stretch of panels to be packed.
struct Work {
  Tensor weights;
  const Matrix* matrix;
  int64_t panel;  // of the matrix
  char* to;
};

/// Lists the panels of all matrices; numbers are copied at once.
class Packer {
 public:
  Packer(Plan& plan, const c10::List<OptionalTensor>& weights)
      : plan_(plan), base_(reinterpret_cast<char*>(&plan)), weights_(weights) {}

  std::vector<Work> list() {
    const Sizes& sizes = plan_.sizes;
    for (int64_t i = 0; i < sizes.layers; i++) {
      const LayerPlan& layer = plan_.layer(i);
      norm(layer.attention_norm, sizes.hidden);
      matrix(layer.inputs);
      bias(layer.input_bias, layer.inputs.outputs);
      norm(layer.query_norm, sizes.dim);
      norm(layer.key_norm, sizes.dim);
      matrix(layer.output);
      bias(layer.output_bias, sizes.hidden);
      norm(layer.feed_norm, sizes.hidden);
      matrix(layer.gate_and_up, 0, 2);
      bias(layer.gate_bias, sizes.inner);
      matrix(layer.gate_and_up, 1, 2);
      bias(layer.up_bias, sizes.inner);
      matrix(layer.down);
      bias(layer.down_bias, sizes.hidden);
    }

    norm(plan_.final_norm, sizes.hidden);
    matrix(plan_.head);
    weights_.expect_end();
    return std::move(work_);
  }

 private:
  void norm(Numbers to, int64_t count) {
    if (to != 0) {
      numbers(to, weights_.next({count}).to(at::kFloat) + plan_.sizes.norm_plus_one);
    }
  }

  // Rounded as the operators round it that add it.
  void bias(Numbers to, int64_t count) {
    if (to != 0) {
      numbers(to, weights_.next({count}).to(plan_.is_bfloat != 0 ? at::kBFloat16 : at::kFloat).to(at::kFloat));
    }
  }

  void numbers(Numbers to, const Tensor& values) {
    std::memcpy(base_ + to, values.contiguous().data_ptr(), values.numel() * sizeof(float));
  }

  void matrix(const Matrix& to, int64_t kind = 0, int64_t kinds = 1) {
    const Tensor weights = weights_.next_matrix(to);
    for (int64_t panel = 0; panel < panels_of(to.outputs); panel++) {
      work_.push_back({weights, &to, panel, base_ + to.at + (panel * kinds + kind) * plan_.panel_bytes(to)});
    }
  }

  Plan& plan_;
  char* base_;
  Weights weights_;
  std::vector<Work> work_;
};

template <class T>
void pack(const Work& work) {
  const int64_t first = work.panel * kPanel, count = std::min(kPanel, work.matrix->outputs - first);
  const int64_t stride = work.weights.stride(0), inputs = work.matrix->inputs;
  if (work.matrix->is_coded()) {
    return pack_coded(work.weights, first, count, inputs, work.matrix->code, reinterpret_cast<uint8_t*>(work.to));
  }

  if (work.weights.scalar_type() == at::kFloat) {
    kernels<T>().pack_floats(data<float>(work.weights) + first * stride, stride, count, inputs, work.to);
  } else {
    kernels<T>().pack_bfloats(data<bfloat>(work.weights) + first * stride, stride, count, inputs, work.to);
  }
}

void decoder_pack(Tensor arena, const c10::List<OptionalTensor>& weights) {
  at::NoGradGuard no_gradient;
  auto& plan = const_cast<Plan&>(plan_of(arena));
  const std::vector<Work> work = Packer(plan, weights).list();
  for_each_item(static_cast<int64_t>(work.size()), [&](int64_t item) {
    if (plan.is_bfloat != 0) {
      pack<bfloat>(work[item]);
    } else {
      pack<float>(work[item]);
    }
  });
}

}  // namespace

const Plan& plan_of(const Tensor& arena) {
  TORCH_CHECK(arena.scalar_type() == at::kByte && arena.dim() == 1 && arena.is_contiguous() &&
                  arena.numel() >= static_cast<int64_t>(sizeof(Plan)) &&
                  static_cast<const Plan*>(arena.data_ptr())->mark == Plan::kMark &&
                  static_cast<const Plan*>(arena.data_ptr())->bytes == arena.numel(),
              "hone::decoder_step: the arena must be one that hone::decoder_arena made");
  return *static_cast<const Plan*>(arena.data_ptr());
}

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def("decoder_arena(int[] sizes, float[] reals, ScalarType dtype, int[] codes) -> Tensor", decoder_arena);
  library.def("decoder_pack_(Tensor(a!) arena, Tensor?[] weights) -> ()", decoder_pack);
}

}  // namespace hone::decoder
