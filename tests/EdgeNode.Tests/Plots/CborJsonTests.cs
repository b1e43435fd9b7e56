using System.Text;
using FaceLandmark.Plots;

namespace FaceLandmark.Tests.Plots;

/// <summary>Values of CBOR as JSON; the examples are those of RFC 8949, appendix A.</summary>
public sealed class CborJsonTests
{
    [Theory]
    [InlineData("00", "0")]
    [InlineData("1B000000E8D4A51000", "1000000000000")]
    [InlineData("3903E7", "-1000")]
    [InlineData("F93E00", "1.5")]
    [InlineData("FA47C35000", "100000")]
    [InlineData("FB3FF199999999999A", "1.1")]
    [InlineData("F4", "false")]
    [InlineData("F5", "true")]
    [InlineData("63C3BC61", "\"\\u00FCa\"")]
    [InlineData("7F657374726561646D696E67FF", "\"streaming\"")]
    [InlineData("8301820203820405", "[1,[2,3],[4,5]]")]
    [InlineData("9F01820203FF", "[1,[2,3]]")]
    [InlineData("A26161016162820203", "{\"a\":1,\"b\":[2,3]}")]
    [InlineData("BF61610161629F0203FFFF", "{\"a\":1,\"b\":[2,3]}")]
    public void What_messages_have_is_copied(string cbor, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(CborJson.Of(Convert.FromHexString(cbor))!.Value.Span));

    [Theory]
    [InlineData("")]
    [InlineData("18")] // broken off
    [InlineData("F6")] // null
    [InlineData("4401020304")] // bytes
    [InlineData("C074323031332D30332D32315432303A30343A30305A")] // a tag
    [InlineData("1BFFFFFFFFFFFFFFFF")] // beyond 63 bits
    [InlineData("F97C00")] // infinity
    [InlineData("A10102")] // a name that is a number
    [InlineData("818181818181818181818181818181818101")] // seventeen levels
    public void What_they_do_not_have_is_none(string cbor) => Assert.Null(CborJson.Of(Convert.FromHexString(cbor)));
}
