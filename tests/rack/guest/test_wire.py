"""Requests and frames arrive as they were sent, however the bytes are cut."""

from __future__ import annotations

import os
import socket

from hypothesis import given
from hypothesis import strategies as st

from oxtui.rack.guest import request, wire

MODES = st.builds(
    request.Mode,
    kind=st.sampled_from(["overlay", "chroot", "none"]),
    namespace=st.sampled_from(["host", "mapped", "single"]),
    users=st.sampled_from(["separate", "single"]),
)
NAMES = st.tuples() | st.lists(st.text(), max_size=3).map(tuple)
PLACES = st.builds(request.Place, st.text())
REQUESTS = st.one_of(
    st.builds(
        request.Boot,
        MODES,
        PLACES,
        NAMES,
        st.text(),
        st.text(),
        NAMES,
        st.binary(),
        st.integers(1, 254),
        st.integers(0, 1 << 41),
        st.booleans(),
    ),
    st.builds(request.Copy, MODES, PLACES, st.text(), st.text(), st.none() | st.text()),
    st.builds(request.Merge, MODES, PLACES, st.text(), NAMES, st.text()),
    st.builds(request.Remove, MODES, PLACES, NAMES),
    st.builds(request.Settle, MODES, PLACES),
)


@given(REQUESTS)
def test_a_request_survives_the_way(sent: request.Request) -> None:
    assert request.decode(request.encode(sent)) == sent


@given(
    st.lists(st.tuples(st.sampled_from([wire.SERIAL, wire.ENDED]), st.binary(max_size=300))),
    st.data(),
)
def test_frames_survive_any_cut(frames: list[tuple[bytes, bytes]], data: st.DataObject) -> None:
    stream = b"".join(wire.frame(kind, payload) for kind, payload in frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    decoder = wire.Decoder()
    found = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += list(decoder.feed(stream[start:end]))
    assert found == frames


def test_a_request_brings_its_descriptors_and_they_stay_out_of_children() -> None:
    here, there = socket.socketpair()
    read, write = os.pipe()
    with here, there:
        payload = b"x" * 100_000
        wire.send_request(here, payload, [read, write])
        received = wire.receive_request(there)
        assert received is not None
        data, descriptors = received
        assert data == payload
        assert not any(os.get_inheritable(descriptor) for descriptor in descriptors)
        os.write(descriptors[1], b"through")
        assert os.read(read, 100) == b"through"
        for descriptor in (read, write, *descriptors):
            os.close(descriptor)
        here.close()
        assert wire.receive_request(there) is None
