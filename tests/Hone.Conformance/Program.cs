using Hone.Conformance;
using Hone.Conformance.Checking;

try
{
    var run = new ConformanceRun(Arguments.Parse(args), CheckList.OfThisProgram(), Console.Out);
    return run.Run().Failed == 0 ? 0 : 1;
}
catch (ArgumentException error)
{
    Console.Error.WriteLine($"hone-conformance: {error.Message}");
    return 2;
}
