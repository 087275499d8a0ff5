// A decoder as its step runs it: sizes, and where each weight lies in one arena of packed weights.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "../kernels.h"

namespace hone::decoder {

/// Sizes and kinds, in the order in which they cross the door; Hone.Torch.DecoderShape has the same.
struct Sizes {
  int64_t hidden;
  int64_t layers;
  int64_t heads;
  int64_t kv_heads;
  int64_t dim;
  int64_t inner;
  int64_t vocabulary;
  int64_t gate;            // of type Gate
  int64_t norm_plus_one;   // norms multiply by 1 + weight
  int64_t input_bias;      // of queries, keys and values
  int64_t output_bias;     // of attention
  int64_t feed_bias;       // of gate, up and down
  int64_t query_key_norm;  // of each head, before the rotation
};

struct Reals {
  double epsilon;
  double score_scale;
  double score_cap;  // 0: none
  double embedding_scale;
  double residual_scale;
  double logit_divisor;
  double logit_cap;  // 0: none
};

/// Which rotation a layer uses: a place in the list of tables, or none.
inline constexpr int64_t kNoRotation = -1;

/// A matrix [outputs, inputs] in panels, at a byte of the arena.
struct Matrix {
  int64_t at;
  int64_t outputs;
  int64_t inputs;
  WeightCode code;

  bool is_coded() const { return code != WeightCode::Plain; }
};

/// Numbers in float32 at a byte of the arena; 0: there are none.
using Numbers = int64_t;

/// Matrices of a layer, in the order of a step: queries-keys-values, output, gate and up, down; the head is one more.
inline constexpr size_t kLayerMatrices = 4;

struct LayerPlan {
  int64_t window;
  int64_t rotation;
  Numbers attention_norm;
  Matrix inputs;  // queries, keys and values, one below the other
  Numbers input_bias;
  Numbers query_norm;
  Numbers key_norm;
  Matrix output;
  Numbers output_bias;
  Numbers feed_norm;
  Matrix gate_and_up;  // their panels take turns; outputs counts one of them
  Numbers gate_bias;
  Numbers up_bias;
  Matrix down;
  Numbers down_bias;
};

/// The beginning of an arena; the plans of its layers follow.
struct Plan {
  static constexpr uint64_t kMark = 0x324b434150454e4f;

  uint64_t mark;
  int64_t bytes;
  int64_t is_bfloat;
  Sizes sizes;
  Reals reals;
  Numbers final_norm;
  Matrix head;

  const LayerPlan& layer(int64_t index) const { return reinterpret_cast<const LayerPlan*>(this + 1)[index]; }
  LayerPlan& layer(int64_t index) { return reinterpret_cast<LayerPlan*>(this + 1)[index]; }

  const float* numbers(Numbers at) const {
    return at == 0 ? nullptr : reinterpret_cast<const float*>(reinterpret_cast<const char*>(this) + at);
  }

  const char* panels(const Matrix& matrix) const { return reinterpret_cast<const char*>(this) + matrix.at; }

  /// Whether some matrix is in few bits.
  bool has_codes() const {
    bool has = head.is_coded();
    for (int64_t i = 0; i < sizes.layers; i++) {
      const LayerPlan& one = layer(i);
      has |= one.inputs.is_coded() || one.output.is_coded() || one.gate_and_up.is_coded() || one.down.is_coded();
    }

    return has;
  }

  int64_t width() const { return is_bfloat != 0 ? 2 : 4; }
  int64_t query_width() const { return sizes.heads * sizes.dim; }
  int64_t key_width() const { return sizes.kv_heads * sizes.dim; }

  int64_t panel_bytes(const Matrix& matrix) const {
    if (matrix.is_coded()) {
      const CodeFormat format = format_of(matrix.code);
      return format.blocks(matrix.inputs) * format.block_bytes();
    }

    return (matrix.inputs + kPanelInputs - 1) / kPanelInputs * kPanelInputs * kPanel * width();
  }
};

inline int64_t panels_of(int64_t outputs) { return (outputs + kPanel - 1) / kPanel; }

/// The plan at the beginning of an arena; throws where there is none.
const Plan& plan_of(const at::Tensor& arena);

}  // namespace hone::decoder
