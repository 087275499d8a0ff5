using Hone.Cli;

using var interruption = new Interruption(TimeProvider.System);
return (int)CommandLine.Run(args, new Session(Terminal.OfThisProcess(), interruption));
