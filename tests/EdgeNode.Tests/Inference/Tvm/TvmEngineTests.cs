using FaceLandmark.Inference;
using FaceLandmark.Inference.Tvm;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Inference.Tvm;

public sealed class TvmEngineTests
{
    [Fact]
    public void Points_are_what_the_network_computes_from_the_input()
    {
        using var model = new TestObject();
        using var engine = Open(model);
        using var first = Picture(0);
        using var second = Picture(1);

        engine.Run(first);
        engine.Run(second);
        engine.Run(first);

        Assert.Equal(Expected(first), first.Output.ToArray());
        Assert.Equal(Expected(second), second.Output.ToArray());
        Assert.True(float.IsNaN(first.Presence), "The network has no opinion of presence.");
        Assert.Equal(
            ("tvm", "TVM (runtime.so)", "CPU", false),
            (engine.Info.Name, engine.Info.Runtime, engine.Info.Device.Name, engine.Info.Device.Emulated)
        );
    }

    [Theory]
    [InlineData("", false, 0)]
    [InlineData("no set_input_zero_copy", false, 2)]
    [InlineData("", true, 2)]
    public void The_input_is_copied_only_where_it_must_be(string fault, bool inputIsShared, int copies)
    {
        using var model = new TestObject(fault, inputIsShared: inputIsShared);
        using var engine = Open(model);
        using var tensor = Picture(0);
        engine.Run(tensor);
        engine.Run(tensor);
        Assert.Equal(copies, model.Count("tvm_double_copies"));
        Assert.Equal(Expected(tensor), tensor.Output.ToArray());
    }

    [Fact]
    public void A_second_output_is_the_presence_logit()
    {
        using var model = new TestObject(hasPresence: true);
        using var engine = Open(model);
        using var tensor = Picture(0);
        engine.Run(tensor);
        Assert.Equal(TestObject.Scale, tensor.Presence);
        Assert.Equal(Expected(tensor), tensor.Output.ToArray());
    }

    [Fact]
    public void The_picture_is_the_one_variable_that_is_no_weight_whatever_its_name()
    {
        using var model = new TestObject(input: "picture");
        using var engine = Open(model);
        using var tensor = Picture(0);
        engine.Run(tensor);
        Assert.Equal(Expected(tensor), tensor.Output.ToArray());
    }

    [Fact]
    public void Everything_taken_from_the_runtime_is_given_back()
    {
        using var model = new TestObject();
        using (Open(model))
            Assert.True(model.Count("tvm_double_live") > 0);
        Assert.Equal(0, model.Count("tvm_double_live"));
    }

    [Fact]
    public void What_a_failed_load_took_is_given_back_too()
    {
        using var model = new TestObject(fault: "outputs");
        Assert.Throws<EngineException>(() => Open(model));
        Assert.Equal(0, model.Count("tvm_double_live"));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 1)]
    public void Networks_run_on_one_thread_whoever_asks_unless_they_need_no_workers(int threads, int runners)
    {
        using var model = new TestObject();
        using var engine = new TvmEngine(model.Card, new TvmOptions { Library = model.Library, Threads = threads });
        var turn = new Lock();
        using var all = new Barrier(4); // no thread may end and hand its identity on
        var callers = Enumerable
            .Range(0, 4)
            .Select(_ => new Thread(() =>
            {
                using var tensor = Picture(0);
                lock (turn)
                    engine.Run(tensor);
                all.SignalAndWait();
            }))
            .ToList();
        callers.ForEach(caller => caller.Start());
        callers.ForEach(caller => caller.Join());
        Assert.Equal(runners, model.Count("tvm_double_threads"));
    }

    [Fact]
    public void Threads_reach_the_runtime_before_it_is_loaded()
    {
        using var model = new TestObject();
        using var engine = new TvmEngine(model.Card, new TvmOptions { Library = model.Library, Threads = 3 });
        Assert.Equal(("3", "passive"), (model.Variable(0), model.Variable(1)));
    }

    [Theory]
    [InlineData(
        "create",
        "could not make an executor for ",
        "Check failed: (pf != nullptr) is false: no such function in module: tvmgen_default_fused_nn_conv2d"
    )]
    [InlineData("type", "could not make an executor for ", "a result of type 13 instead of 9")]
    [InlineData("index", "finds no input input0 in ", "the files do not belong together")]
    [InlineData("outputs", "counts 3 outputs in ", "the files do not belong together")]
    [InlineData("no run", "has no function run", "use a runtime of TVM 0.8 to 0.18")]
    [InlineData("no load_params", "has no function load_params", "use a runtime of TVM 0.8 to 0.18")]
    public void A_runtime_that_refuses_a_model_is_quoted(string fault, string deed, string reason)
    {
        using var model = new TestObject(fault);
        AssertSentence(Assert.Throws<EngineException>(() => Open(model)), deed, reason);
    }

    [Theory]
    [InlineData("run", "could not run ", "Assert fail: (p0.dtype == float32)")]
    [InlineData("get_output", "could not read the output of ", "static_cast<size_t>(index) < outputs_.size()")]
    public void A_runtime_that_refuses_to_run_is_quoted(string fault, string deed, string reason)
    {
        using var model = new TestObject(fault);
        using var engine = Open(model);
        using var tensor = Picture(0);
        AssertSentence(Assert.Throws<EngineException>(() => engine.Run(tensor)), deed, reason);
    }

    [Fact]
    public void Kernels_with_a_symbol_that_is_nowhere_are_refused_before_it_is_called()
    {
        using var model = new TestObject();
        File.Copy(TestObject.Native("libunbound_kernels.so"), model.Kernels, overwrite: true);
        AssertSentence(Assert.Throws<EngineException>(() => Open(model)), model.Kernels, "undefined symbol: facelandmark_nowhere");
    }

    [Fact]
    public void A_card_of_another_size_is_refused()
    {
        using var model = new TestObject();
        AssertSentence(
            Assert.Throws<EngineException>(() =>
                new TvmEngine(model.Card with { InputSize = 64 }, new TvmOptions { Library = model.Library })
            ),
            "takes 32x32 and gives 98 points, but its card says 64x64 and 98",
            "correct the card"
        );
    }

    [Fact]
    public void A_library_that_is_missing_is_named()
    {
        using var model = new TestObject();
        AssertSentence(
            Assert.Throws<EngineException>(() => new TvmEngine(model.Card, new TvmOptions { Library = "/nowhere/libtvm_runtime.so" })),
            "/nowhere/libtvm_runtime.so",
            "Engines:Tvm:Library"
        );
    }

    [Fact]
    public void A_library_that_is_no_runtime_of_TVM_is_named_with_what_it_lacks()
    {
        using var model = new TestObject();
        File.Copy(TestObject.Native("libunbound_kernels.so"), model.Library, overwrite: true);
        AssertSentence(Assert.Throws<EngineException>(() => Open(model)), model.Library, "has no function TVMGetLastError");
    }

    [Fact]
    public void A_folder_as_the_library_is_refused_with_the_file_in_it()
    {
        using var model = new TestObject();
        var options = new TvmOptions { Library = model.Folder };
        Assert.Contains("a folder that holds neither libtvm_runtime.so nor libdrp_tvm_rt.so", Refusal(), StringComparison.Ordinal);
        File.Copy(model.Library, Path.Combine(model.Folder, "libdrp_tvm_rt.so"));
        Assert.Contains(
            $"which is a folder: set it to the file in it, {model.Folder}/libdrp_tvm_rt.so.",
            Refusal(),
            StringComparison.Ordinal
        );

        string Refusal() => Assert.Throws<EngineException>(() => TvmRuntime.Get(options)).Message;
    }

    [Fact]
    public void A_library_that_was_missing_is_tried_again()
    {
        using var model = new TestObject();
        var away = model.Library + ".away";
        File.Move(model.Library, away);
        Assert.Throws<EngineException>(() => Open(model));
        File.Move(away, model.Library);
        Open(model).Dispose();
    }

    [Fact]
    public void A_runtime_without_graph_executor_is_told_apart()
    {
        using var model = new TestObject();
        var runtime = TvmRuntime.Get(new TvmOptions { Library = model.Library });
        AssertSentence(
            Assert.Throws<EngineException>(() => runtime.GetGlobal("tvm.other_executor.create")),
            "has no tvm.other_executor.create",
            "USE_GRAPH_EXECUTOR"
        );
    }

    private static TvmEngine Open(TestObject model) => new(model.Card, new TvmOptions { Library = model.Library });

    private static FaceTensor Picture(int seed)
    {
        var tensor = new FaceTensor(TestObject.Size, TestObject.Landmarks);
        var random = new Random(seed);
        foreach (ref var value in tensor.Input)
            value = random.NextSingle();
        return tensor;
    }

    private static float[] Expected(FaceTensor tensor)
    {
        var input = tensor.Input.ToArray();
        return [.. Enumerable.Range(0, 2 * TestObject.Landmarks).Select(i => TestObject.Scale * input[i * 997 % input.Length])];
    }

    private static void AssertSentence(EngineException refusal, string deed, string reason)
    {
        Assert.Contains(deed, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
