using BenchmarkDotNet.Running;
using FaceLandmark.Benchmarks;

if (args is ["budget", ..])
    return await PipelineBudget.RunAsync().ConfigureAwait(false);
if (args is ["preprocess", ..])
    return PreprocessTurns.Run();
if (args is ["steadiness", ..])
    return Steadiness.Run();
BenchmarkSwitcher.FromAssembly(typeof(PreprocessBenchmark).Assembly).Run(args);
return 0;
