"""Turn a transcript into what other programs read: python for_other_programs.py meeting.json"""

import json
import sys

import dialogue

transcript, *_ = dialogue.read(sys.argv[1])
for name, value in {
    "linto": dialogue.to_linto(transcript),
    "openai": dialogue.to_openai(transcript, "diarized_json"),
    "whisperx": dialogue.to_whisperx(transcript),
    "datasets": dialogue.to_datasets(transcript),  # datasets.Dataset.from_list(...)
}.items():
    print(f"{name}: {len(json.dumps(value, ensure_ascii=False))} characters of JSON")
