//! Films: sent to whoever takes them, and to nobody else.

use std::fs;

use vision_testkit::server::{Answers, Settings};

use crate::support::{Host, Project};

/// A film of a second and a half as far as its boxes say.
fn film(number: u8) -> Vec<u8> {
    let boxed = |name: &[u8; 4], content: &[u8]| {
        [&u32::try_from(content.len() + 8).unwrap().to_be_bytes()[..], name, content].concat()
    };
    let header = [vec![0; 12], 600u32.to_be_bytes().to_vec(), 900u32.to_be_bytes().to_vec()].concat();
    let movie = boxed(b"moov", &boxed(b"mvhd", &header));
    [boxed(b"ftyp", b"mp42\0\0\0\0mp42isom"), boxed(b"mdat", &[number; 64]), movie].concat()
}

fn project(host: &Host) -> Project {
    let project = Project::new(1, "");
    fs::remove_dir_all(project.path("data")).unwrap();
    let manifest = "name = \"films\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\nprovenance = \"made up\"\n\
                    [tasks.summarize]\nprompt = \"Summarize this film.\"\nmetric = \"checks\"\n";
    project.write("data/dataset.toml", manifest);
    let mut cases = String::new();
    for number in 0..2 {
        fs::write(project.path(&format!("data/{number}.mp4")), film(number)).unwrap();
        cases += &format!(
            "{{\"id\":\"f{number}\",\"media\":[\"{number}.mp4\"],\"expected\":{{\"must\":[\"a cart\"]}}}}\n"
        );
    }
    project.write("data/cases.jsonl", &cases);
    let of = |kind: &str, model: &str| {
        format!(
            "[[provider]]\nkind = \"{kind}\"\nmodel = \"{model}\"\nbase_url = \"{}\"\n\
             price = {{ input_per_mtok = 1.0, output_per_mtok = 1.0, audio_input_per_mtok = 9.0 }}\n",
            host.address()
        )
    };
    project.configure(
        &[
            of("gemini", "gemini-3.7-flash"),
            of("anthropic", "claude-haiku-5-5"),
            of("openai", "gpt-5.6-luna"),
        ]
        .concat(),
    );
    project.write(".env", "ANTHROPIC_API_KEY=sk-ant-made-up\nGEMINI_API_KEY=AIza-made-up\n");
    project
}

#[test]
fn a_film_goes_to_whoever_takes_it_and_is_refused_elsewhere() {
    let host = Host::with_answers(Answers::thought(|_| "A cart rolls by.".to_owned()), Settings::default());
    let project = project(&host);
    project.expect(0, "datasets check data");
    let plan = project.expect(0, "plan").out;
    assert!(plan.contains("video"), "{plan}");
    assert_eq!(host.journal().requests, 0);
    project.expect(0, "run -q --run-dir run --budget-usd 1");
    let asked = host.journal().last;
    assert_eq!(asked.len(), 2);
    for entry in &asked {
        let [medium] = entry.media.as_slice() else { panic!("{entry:?}") };
        assert_eq!(medium.declared.as_deref(), Some("video/mp4"));
    }
    for trial in project.trials("run") {
        match trial["provider"].as_str().unwrap() {
            "gemini/gemini-3.7-flash" => assert_eq!(trial["response"]["text"], "A cart rolls by."),
            other => assert_eq!(trial["failure"]["kind"], "unsupported", "{other}: {trial}"),
        }
    }
    let summary: serde_json::Value = serde_json::from_str(&project.read("run/summary.json")).unwrap();
    let rows = summary["overall"]["rows"].as_array().unwrap();
    let gemini = rows.iter().find(|row| row["provider"] == "gemini/gemini-3.7-flash").unwrap();
    assert_eq!(gemini["score"]["mean"], 1.0);
    // A second of film is a frame and its sound, 102 tokens, and no second of sound alone.
    let estimate = &project.plan("run")["quote"];
    assert!(estimate.to_string().contains("gemini"), "{estimate}");
}
