using BenchmarkDotNet.Running;
using FaceLandmark.Benchmarks;

if (args is ["budget", ..])
    return await PipelineBudget.RunAsync().ConfigureAwait(false);
BenchmarkSwitcher.FromAssembly(typeof(PreprocessBenchmark).Assembly).Run(args);
return 0;
