using Hone.Evaluation;
using Hone.Evaluation.Tasks;
using Hone.Models;
using Hone.Models.Generation;
using Hone.Rewards;
using Hone.Search;
using Hone.Text;

namespace Hone.Cli.Demo;

/// <summary>Puts the held-out problems to a model.</summary>
/// <param name="problems">The problems with their answers.</param>
/// <param name="options">How answers are taken out of texts.</param>
/// <param name="seed">Where sampling begins.</param>
internal sealed class HeldOutExam(IReadOnlyList<ArithmeticProblem> problems, ExaminationOptions options, ulong seed)
{
    private readonly ExactAnswerReward _reader = new("answer", options.AnswerPattern);
    private readonly string[] _prompts = [.. problems.Select(problem => problem.Prompt)];

    /// <summary>The problems.</summary>
    public IReadOnlyList<ArithmeticProblem> Problems => problems;

    /// <summary>The model's likeliest answer to each problem.</summary>
    public ExamPaper Take(string modelFolder, CancellationToken cancel)
    {
        var answers = Answer(modelFolder, samples: 1, temperature: 0, cancel).Select(sampled => sampled[0]).ToList();
        return new ExamPaper([.. answers.Select(answer => answer.Text)], [.. answers.Zip(problems, IsRight)]);
    }

    /// <summary>Several answers to each problem, and what comes of choosing among them.</summary>
    public SearchPaper Search(string modelFolder, SearchOptions search, CancellationToken cancel)
    {
        var answers = Answer(modelFolder, search.Samples, search.Temperature, cancel);
        var confidence = new MeanLogProbScorer();
        List<SearchedProblem> searched = [];
        foreach (var (problem, sampled) in problems.Zip(answers))
        {
            // Whoever chooses sees the prompt and the samples; the right answer is compared with the choice afterwards.
            var vote = MajorityVote.Decide([.. sampled.Select(AnswerIn)]).Winner;
            var choice = BestOfN.Choose(problem.Prompt,
                [.. sampled.Select(one => new Candidate(one.Text, one.Tokens, one.LogProbs))], confidence);
            bool[] right = [.. sampled.Select(one => IsRight(one, problem))];
            searched.Add(new SearchedProblem(right, choice.Scores, vote == problem.Answer, right[choice.Index]));
        }

        return new SearchPaper(searched);
    }

    private IReadOnlyList<IReadOnlyList<SampledAnswer>> Answer(
        string modelFolder, int samples, double temperature, CancellationToken cancel)
    {
        using var model = ModelFolder.Load(modelFolder);
        var sampling = new SamplingOptions
        {
            MaxNewTokens = options.MaxNewTokens,
            Temperature = temperature,
            StopTokens = model.Generation.StopTokens,
            Seed = seed,
        };
        return new AnswerSampler(model.Decoder, Tokenizer.Load(modelFolder), sampling).Answer(
            _prompts, samples, cancel);
    }

    private string? AnswerIn(SampledAnswer answer) => answer.IsFinished ? _reader.Extract(answer.Text) : null;

    private bool IsRight(SampledAnswer answer, ArithmeticProblem problem) => AnswerIn(answer) == problem.Answer;
}
