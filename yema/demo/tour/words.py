"""What the story's people write, in the languages that they have."""

WORDS = {
    "pl": "Dziś nad jeziorem zrozumiałam, że nie muszę mówić bez błędów, żeby ktoś mnie usłyszał.",
    "en": "At the lake today I understood that I need not speak without mistakes to be heard.",
    "de": "Heute am See habe ich verstanden, dass ich nicht fehlerfrei sprechen muss, um gehört zu werden.",
    "uk": "Сьогодні на озері до мене дійшло: щоб мене почули, не обов'язково говорити без помилок.",
    "ar": "اليوم عند البحيرة فهمتُ أنّني لا أحتاج إلى الكلام بلا أخطاء كي يسمعني الآخرون.",
}
ANSWERS = {
    "pl": "Dziękuję, że nam o tym piszesz. Kto Cię wtedy usłyszał? Powiedz tej osobie o tym jutro.",
    "en": "Thank you for trusting us with this. Who was it that listened to you? Tell them tomorrow.",
    "de": "Danke, dass du uns das anvertraust. Wer hat dir zugehört? Sag es der Person morgen.",
    "uk": "Дякую, що ділишся цим з нами. Хто тебе почув? Скажи про це завтра тій людині.",
    "ar": "شكرًا لثقتكم بنا. من الذي أصغى إليكم؟ أخبروه بذلك غدًا.",
}

PAGES = {
    "pl": (
        "Wracamy autobusem, zero zasięgu. Pół autobusu śpi komuś na ramieniu.",
        "Śpiewaliśmy jedną piosenkę w trzech językach naraz. Nikt nie znał całego tekstu.",
        "Na warsztatach siedziałam cicho, bo wszystko działo się za szybko. Zwolnimy jutro trochę?",
    ),
    "en": (
        "On the bus back, no signal at all. Half of us are asleep on somebody's shoulder.",
        "We sang one song in three languages at once. Nobody knew all the words.",
        "I was quiet in the workshop because it all went too fast for me. Can we slow down a bit tomorrow?",
    ),
    "de": (
        "Wir fahren mit dem Bus zurück, null Netz. Der halbe Bus schläft auf irgendeiner Schulter.",
        "Wir haben ein Lied in drei Sprachen gleichzeitig gesungen. Den ganzen Text konnte niemand.",
        "Im Workshop war ich still, weil mir alles zu schnell ging. Machen wir morgen etwas langsamer?",
    ),
    "uk": (
        "Їдемо автобусом назад, зв'язку нуль. Пів автобуса спить у когось на плечі.",
        "Співали одну пісню трьома мовами одразу. Усіх слів не знав ніхто.",
        "На воркшопі я мовчала, бо все йшло надто швидко. Може, завтра трохи повільніше?",
    ),
    "ar": (
        "نحن في الحافلة في طريق العودة ولا توجد شبكة. نصفنا نائم على كتف أحد.",
        "غنّينا أغنية واحدة بثلاث لغات معًا. لم يحفظ أحد كلماتها كلّها.",
        "لم أتكلّم في الورشة لأنّ كلّ شيء مرّ بسرعة. هل نتمهّل قليلًا غدًا؟",
    ),
}
"""Written on the bus. The last one is for the own leader."""

ADDED = {
    "pl": ("I teraz chodzi mi po głowie.", "Muszę się dowiedzieć, kto zaczął."),
    "en": ("Now it is stuck in my head.", "I have to find out who started it."),
    "de": ("Jetzt habe ich einen Ohrwurm.", "Ich muss rausfinden, wer angefangen hat."),
    "uk": ("Тепер вона крутиться в голові.", "Треба дізнатися, хто почав."),
    "ar": ("وهي لا تفارق رأسي الآن.", "عليّ أن أعرف من بدأها."),
}
"""What is added to the second page, on one phone and on the other."""

ANNOUNCED = {
    "en": ("Dry shoes", "It rains until the evening. Put on dry shoes before you come into the main hall."),
    "pl": ("Suche buty", "Pada do wieczora. Zanim wejdziecie do sali głównej, zmieńcie buty na suche."),
    "de": ("Trockene Schuhe", "Es regnet bis zum Abend. Zieht trockene Schuhe an, bevor ihr in den großen Saal kommt."),
    "es": ("Zapatos secos", "Lloverá hasta la noche. Poneos zapatos secos antes de entrar en la sala grande."),
    "fr": (
        "Chaussures sèches",
        "Il pleut jusqu'au soir. Mettez des chaussures sèches avant d'entrer dans la grande salle.",
    ),
    "it": ("Scarpe asciutte", "Piove fino a sera. Mettetevi scarpe asciutte prima di entrare nella sala grande."),
    "uk": ("Сухе взуття", "Дощ ітиме до вечора. Перш ніж заходити до великої зали, перевзуйтеся в сухе."),
    "ar": ("أحذية جافّة", "سيستمرّ المطر حتى المساء. البسوا أحذية جافّة قبل دخول القاعة الكبيرة."),
}
"""What the leader tells everybody: the title and the text."""

ALLERGIES = {
    "pl": "Uczulenie na jad os. Tabletki mam w czerwonej saszetce.",
    "en": "Allergic to wasp stings. My tablets are in the red pouch.",
    "de": "Allergisch gegen Wespenstiche. Meine Tabletten sind im roten Täschchen.",
    "uk": "Алергія на укуси ос. Мої таблетки в червоному чохлі.",
    "ar": "لديّ حساسية من لسعات الدبابير. حبوب الدواء في الحقيبة الحمراء الصغيرة.",
}
"""What the participant writes on the emergency sheet."""

HELP = {
    "pl": "Skręciłam kostkę przy pomoście i nie mogę wstać.",
    "en": "I twisted my ankle at the jetty and cannot get up.",
    "de": "Ich bin am Steg umgeknickt und komme nicht hoch.",
    "uk": "Я підвернула ногу біля причалу й не можу встати.",
    "ar": "التوى كاحلي عند رصيف القوارب ولا أستطيع الوقوف.",
}
"""What the participant's request for help is about."""

SAFER = "Whoever finds it too loud conducts the storm from outside the circle."
"""What the trainer adds to a step of the activity of today, in the language of its pack."""
NEXT_TIME = "Take twice the time for the silence at the end. They did not want to leave it."
