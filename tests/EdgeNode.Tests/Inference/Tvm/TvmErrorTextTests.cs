using FaceLandmark.Inference.Tvm;

namespace FaceLandmark.Tests.Inference.Tvm;

public sealed class TvmErrorTextTests
{
    [Theory]
    [InlineData(
        "Traceback (most recent call last):\n  2: TVMFuncCall\n  File \"/a/b.cc\", line 9\nTVMError: "
            + "\n-----\nAn error occurred during the execution of TVM.\nFor more information, please see: x\n-----\n  Check failed: (a) "
            + "is false: no such function\n",
        "Check failed: (a) is false: no such function"
    )]
    [InlineData(
        "[05:12:33] /build/src/runtime/module.cc:88: Check failed: f != nullptr: "
            + "Loader for so is not registered.\nStack trace:\n  [bt] (0) lib.so(+0x1) [0x7f]\n",
        "Check failed: f != nullptr: Loader for so is not registered."
    )]
    [InlineData("TVMError: key must be a string\n", "key must be a string")]
    [InlineData("/m/deploy.so: file too short", "/m/deploy.so: file too short")]
    [InlineData("", "it gave no reason.")]
    public void The_sentence_is_taken_from_the_trace(string text, string sentence) => Assert.Equal(sentence, TvmErrorText.Essence(text));
}
