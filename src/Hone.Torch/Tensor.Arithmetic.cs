namespace Hone.Torch;

/// <content>Element by element; shapes broadcast.</content>
public sealed partial class Tensor
{
    private static readonly Operator AddTensor = Operator.Find("aten::add", "Tensor");
    private static readonly Operator AddScalar = Operator.Find("aten::add", "Scalar");
    private static readonly Operator SubTensor = Operator.Find("aten::sub", "Tensor");
    private static readonly Operator RsubScalar = Operator.Find("aten::rsub", "Scalar");
    private static readonly Operator MulTensor = Operator.Find("aten::mul", "Tensor");
    private static readonly Operator MulScalar = Operator.Find("aten::mul", "Scalar");
    private static readonly Operator DivTensor = Operator.Find("aten::div", "Tensor");
    private static readonly Operator NegOp = Operator.Find("aten::neg");
    private static readonly Operator ExpOp = Operator.Find("aten::exp");
    private static readonly Operator Expm1Op = Operator.Find("aten::expm1");
    private static readonly Operator LogOp = Operator.Find("aten::log");
    private static readonly Operator Log1pOp = Operator.Find("aten::log1p");
    private static readonly Operator SqrtOp = Operator.Find("aten::sqrt");
    private static readonly Operator RsqrtOp = Operator.Find("aten::rsqrt");
    private static readonly Operator ReciprocalOp = Operator.Find("aten::reciprocal");
    private static readonly Operator AbsOp = Operator.Find("aten::abs");
    private static readonly Operator SignOp = Operator.Find("aten::sign");
    private static readonly Operator PowScalar = Operator.Find("aten::pow", "Tensor_Scalar");
    private static readonly Operator ClampOp = Operator.Find("aten::clamp");
    private static readonly Operator SigmoidOp = Operator.Find("aten::sigmoid");
    private static readonly Operator LogSigmoidOp = Operator.Find("aten::log_sigmoid");
    private static readonly Operator SoftplusOp = Operator.Find("aten::softplus");
    private static readonly Operator TanhOp = Operator.Find("aten::tanh");
    private static readonly Operator SiluOp = Operator.Find("aten::silu");
    private static readonly Operator GeluOp = Operator.Find("aten::gelu");
    private static readonly Operator ReluOp = Operator.Find("aten::relu");
    private static readonly Operator CosOp = Operator.Find("aten::cos");
    private static readonly Operator SinOp = Operator.Find("aten::sin");
    private static readonly Operator MinimumOp = Operator.Find("aten::minimum");
    private static readonly Operator MaximumOp = Operator.Find("aten::maximum");
    private static readonly Operator WhereOp = Operator.Find("aten::where", "self");
    private static readonly Operator GtTensor = Operator.Find("aten::gt", "Tensor");
    private static readonly Operator LtTensor = Operator.Find("aten::lt", "Tensor");
    private static readonly Operator GtScalar = Operator.Find("aten::gt", "Scalar");
    private static readonly Operator GeScalar = Operator.Find("aten::ge", "Scalar");
    private static readonly Operator LtScalar = Operator.Find("aten::lt", "Scalar");
    private static readonly Operator LeScalar = Operator.Find("aten::le", "Scalar");
    private static readonly Operator EqTensor = Operator.Find("aten::eq", "Tensor");
    private static readonly Operator EqScalar = Operator.Find("aten::eq", "Scalar");
    private static readonly Operator NeScalar = Operator.Find("aten::ne", "Scalar");
    private static readonly Operator AndOp = Operator.Find("aten::logical_and");
    private static readonly Operator OrOp = Operator.Find("aten::logical_or");
    private static readonly Operator NotOp = Operator.Find("aten::logical_not");
    private static readonly Operator IsFiniteOp = Operator.Find("aten::isfinite");
    private static readonly Operator IsNanOp = Operator.Find("aten::isnan");
    private static readonly Operator MaskedFillOp = Operator.Find("aten::masked_fill", "Scalar");
    private static readonly Operator AddInPlaceOp = Operator.Find("aten::add_", "Tensor");
    private static readonly Operator MulInPlaceOp = Operator.Find("aten::mul_", "Scalar");

    /// <summary>Sum.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => AddTensor.Call(left, right);

    /// <summary>Sum with a number.</summary>
    public static Tensor operator +(Tensor left, double right) => AddScalar.Call(left, right);

    /// <summary>Difference.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => SubTensor.Call(left, right);

    /// <summary>Difference with a number.</summary>
    public static Tensor operator -(Tensor left, double right) => AddScalar.Call(left, -right);

    /// <summary>Difference from a number.</summary>
    public static Tensor operator -(double left, Tensor right) => RsubScalar.Call(right, left);

    /// <summary>Negation.</summary>
    public static Tensor operator -(Tensor value) => NegOp.Call(value);

    /// <summary>Product.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => MulTensor.Call(left, right);

    /// <summary>Product with a number.</summary>
    public static Tensor operator *(Tensor left, double right) => MulScalar.Call(left, right);

    /// <summary>Product with a number.</summary>
    public static Tensor operator *(double left, Tensor right) => MulScalar.Call(right, left);

    /// <summary>Quotient.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => DivTensor.Call(left, right);

    /// <summary>Quotient by a number.</summary>
    public static Tensor operator /(Tensor left, double right) => MulScalar.Call(left, 1 / right);

    /// <summary>eˣ.</summary>
    public Tensor Exp() => ExpOp.Call(this);

    /// <summary>eˣ − 1, exact near 0.</summary>
    public Tensor Expm1() => Expm1Op.Call(this);

    /// <summary>Natural logarithm.</summary>
    public Tensor Log() => LogOp.Call(this);

    /// <summary>log(1 + x), exact near 0.</summary>
    public Tensor Log1p() => Log1pOp.Call(this);

    /// <summary>√x.</summary>
    public Tensor Sqrt() => SqrtOp.Call(this);

    /// <summary>1/√x.</summary>
    public Tensor Rsqrt() => RsqrtOp.Call(this);

    /// <summary>1/x.</summary>
    public Tensor Reciprocal() => ReciprocalOp.Call(this);

    /// <summary>|x|.</summary>
    public Tensor Abs() => AbsOp.Call(this);

    /// <summary>−1, 0 or 1.</summary>
    public Tensor Sign() => SignOp.Call(this);

    /// <summary>x to a power.</summary>
    public Tensor Pow(double exponent) => PowScalar.Call(this, exponent);

    /// <summary>x moved into [low, high]; the gradient is 0 outside.</summary>
    public Tensor Clamp(double low, double high) => ClampOp.Call(this, low, high);

    /// <summary>min(x, high); the gradient is 0 above.</summary>
    public Tensor ClampMax(double high) => ClampOp.Call(this, Argument.None, high);

    /// <summary>max(x, low); the gradient is 0 below.</summary>
    public Tensor ClampMin(double low) => ClampOp.Call(this, low);

    /// <summary>σ(x) = 1/(1 + e⁻ˣ).</summary>
    public Tensor Sigmoid() => SigmoidOp.Call(this);

    /// <summary>log σ(x), exact for large |x|.</summary>
    public Tensor LogSigmoid() => LogSigmoidOp.Call(this);

    /// <summary>log(1 + eˣ).</summary>
    public Tensor Softplus() => SoftplusOp.Call(this);

    /// <summary>Hyperbolic tangent.</summary>
    public Tensor Tanh() => TanhOp.Call(this);

    /// <summary>x·σ(x).</summary>
    public Tensor Silu() => SiluOp.Call(this);

    /// <summary>x·Φ(x); <paramref name="approximate"/> is <c>none</c> or <c>tanh</c>.</summary>
    public Tensor Gelu(string approximate = "none") => GeluOp.Call(this, approximate);

    /// <summary>max(x, 0).</summary>
    public Tensor Relu() => ReluOp.Call(this);

    /// <summary>Cosine.</summary>
    public Tensor Cos() => CosOp.Call(this);

    /// <summary>Sine.</summary>
    public Tensor Sin() => SinOp.Call(this);

    /// <summary>The smaller of two.</summary>
    public static Tensor Min(Tensor left, Tensor right) => MinimumOp.Call(left, right);

    /// <summary>The larger of two.</summary>
    public static Tensor Max(Tensor left, Tensor right) => MaximumOp.Call(left, right);

    /// <summary><paramref name="yes"/> where the condition holds, else <paramref name="no"/>.</summary>
    public static Tensor Where(Tensor condition, Tensor yes, Tensor no) => WhereOp.Call(condition, yes, no);

    /// <summary>x &gt; y.</summary>
    public Tensor GreaterThan(Tensor other) => GtTensor.Call(this, other);

    /// <summary>x &lt; y.</summary>
    public Tensor LessThan(Tensor other) => LtTensor.Call(this, other);

    /// <summary>x &gt; y.</summary>
    public Tensor GreaterThan(double other) => GtScalar.Call(this, other);

    /// <summary>x ≥ y.</summary>
    public Tensor AtLeast(double other) => GeScalar.Call(this, other);

    /// <summary>x &lt; y.</summary>
    public Tensor LessThan(double other) => LtScalar.Call(this, other);

    /// <summary>x ≤ y.</summary>
    public Tensor AtMost(double other) => LeScalar.Call(this, other);

    /// <summary>x = y.</summary>
    public Tensor EqualTo(Tensor other) => EqTensor.Call(this, other);

    /// <summary>x = y.</summary>
    public Tensor EqualTo(double other) => EqScalar.Call(this, other);

    /// <summary>x ≠ y.</summary>
    public Tensor NotEqualTo(double other) => NeScalar.Call(this, other);

    /// <summary>Both hold.</summary>
    public Tensor And(Tensor other) => AndOp.Call(this, other);

    /// <summary>One holds at least.</summary>
    public Tensor Or(Tensor other) => OrOp.Call(this, other);

    /// <summary>It does not hold.</summary>
    public Tensor Not() => NotOp.Call(this);

    /// <summary>Neither NaN nor infinite.</summary>
    public Tensor IsFinite() => IsFiniteOp.Call(this);

    /// <summary>Not a number.</summary>
    public Tensor IsNaN() => IsNanOp.Call(this);

    /// <summary><paramref name="value"/> where the mask holds, else x; the gradient is 0 there.</summary>
    public Tensor MaskedFill(Tensor mask, double value) => MaskedFillOp.Call(this, mask, value);

    /// <summary>Adds <paramref name="scale"/>·<paramref name="other"/> to this tensor itself.</summary>
    /// <returns>This tensor.</returns>
    public Tensor AddInPlace(Tensor other, double scale = 1)
    {
        AddInPlaceOp.Run(this, other, scale);
        return this;
    }

    /// <summary>Multiplies this tensor itself.</summary>
    /// <returns>This tensor.</returns>
    public Tensor MultiplyInPlace(double factor)
    {
        MulInPlaceOp.Run(this, factor);
        return this;
    }
}
