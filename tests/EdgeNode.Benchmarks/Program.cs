using FaceLandmark.Benchmarks;

// Speed and memory are measured by the verb `bench` of the program itself.
if (args is ["steadiness"])
    return Steadiness.Run();
Console.Error.WriteLine("Say what to measure: steadiness (jitter and lag of the points). Speed and memory: ./run.sh bench.");
return 2;
