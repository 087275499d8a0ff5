using Hone.Training.Recipes.Adapters;
using Hone.Training.Recipes.Schema;

namespace Hone.Training.Recipes;

/// <summary>The places of a recipe where one of several records is chosen by name. A new method, schedule or reward is
/// a line here.</summary>
internal static class RecipeChoices
{
    /// <summary>The name that recipes have for a method.</summary>
    public static string NameOf(MethodOptions method) =>
        All[0].Cases.First(one => one.Type == method.GetType()).Name;

    public static readonly IReadOnlyList<ChoiceTable> All =
    [
        new(typeof(MethodOptions), "method", IsBeside: true,
        [
            ("sft", typeof(SftOptions)),
            ("grpo", typeof(GrpoOptions)),
            ("dpo", typeof(DpoOptions)),
        ]),
        new(typeof(AdapterOptions), "kind", IsBeside: false,
        [
            ("lora", typeof(LoraOptions)),
            ("adalora", typeof(AdaLoraOptions)),
            ("ia3", typeof(Ia3Options)),
            ("vera", typeof(VeraOptions)),
            ("loha", typeof(LohaOptions)),
            ("lokr", typeof(LokrOptions)),
            ("oft", typeof(OftOptions)),
            ("boft", typeof(BoftOptions)),
            ("norms", typeof(NormsOptions)),
            ("curlora", typeof(CurloraOptions)),
            ("prefix", typeof(PrefixOptions)),
            ("prompt", typeof(PromptOptions)),
            ("p_tuning", typeof(PTuningOptions)),
            ("bottleneck", typeof(BottleneckOptions)),
            ("saved", typeof(SavedAdapterOptions)),
        ]),
        new(typeof(ScheduleOptions), "kind", IsBeside: false,
        [
            ("constant", typeof(ConstantScheduleOptions)),
            ("linear", typeof(LinearScheduleOptions)),
            ("cosine", typeof(CosineScheduleOptions)),
            ("wsd", typeof(WsdScheduleOptions)),
        ]),
        new(typeof(SpeculationOptions), "kind", IsBeside: false,
        [
            ("lookup", typeof(LookupSpeculationOptions)),
            ("draft", typeof(DraftSpeculationOptions)),
        ]),
        new(typeof(RewardOptions), "name", IsBeside: false,
        [
            ("length", typeof(LengthRewardOptions)),
            ("format", typeof(FormatRewardOptions)),
            ("word_share", typeof(WordShareRewardOptions)),
            ("exact_answer", typeof(ExactAnswerRewardOptions)),
            ("contains_word", typeof(ContainsWordRewardOptions)),
        ]),
    ];
}
