import pytest

from penholder.kernel.canonical import canonical_json, sha256_of, sha256_of_blocks


def test_keys_are_sorted_and_no_space_is_left() -> None:
    assert canonical_json({"b": [1, None, True], "a": "é"}) == '{"a":"é","b":[1,null,true]}'


def test_the_order_of_keys_does_not_change_the_hash() -> None:
    assert sha256_of({"a": 1, "b": 2}) == sha256_of({"b": 2, "a": 1})


@pytest.mark.parametrize("value", [1.5, {"a": [1.0]}, [float("nan")]])
def test_floats_are_refused_wherever_they_stand(value: object) -> None:
    with pytest.raises(TypeError, match="float"):
        canonical_json(value)


def test_the_hash_of_blocks_is_the_hash_of_their_concatenation() -> None:
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_of_blocks([b"a", b"", b"bc"]) == known
